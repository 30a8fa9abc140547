#pragma once

#include <boost/beast/http/basic_parser.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace kvduel::http {

/// Beast's parser over one whole head that the validator has passed, keeping views of what the judgement
/// needs and nothing else: no `fields`, no allocation. Used once, for one head; views point into its bytes.
class FieldViews final : public boost::beast::http::basic_parser<true> {
public:
    /// A field that may come once; with a count of more, `value` is the last one's.
    struct Single {
        std::string_view value;
        std::size_t count = 0;
    };

    /// `head` ends with its blank line. False if Beast refuses what the validator let through: Connection,
    /// Content-Length and Transfer-Encoding it also judges by meaning.
    bool parse(std::string_view head) noexcept;

    std::string_view method;
    std::string_view target;
    bool is_http_1_0 = false;
    Single host;
    Single content_length;
    Single transfer_encoding;
    bool says_close = false;
    bool says_keep_alive = false;
    bool expects_continue = false;
    bool expects_other = false;

private:
    using Field = boost::beast::http::field;
    using Text = boost::beast::string_view;
    using ErrorCode = boost::beast::error_code;

    void on_request_impl(boost::beast::http::verb verb, Text verb_text, Text target_text, int version,
                         ErrorCode& error) override;
    void on_response_impl(int status, Text reason, int version, ErrorCode& error) override;
    void on_field_impl(Field name, Text name_text, Text value_text, ErrorCode& error) override;
    void on_header_impl(ErrorCode& error) override;
    void on_body_init_impl(const boost::optional<std::uint64_t>& length, ErrorCode& error) override;
    std::size_t on_body_impl(Text body, ErrorCode& error) override;
    void on_chunk_header_impl(std::uint64_t size, Text extensions, ErrorCode& error) override;
    std::size_t on_chunk_body_impl(std::uint64_t remain, Text body, ErrorCode& error) override;
    void on_finish_impl(ErrorCode& error) override;

    void take_connection(std::string_view value) noexcept;
    void take_expect(std::string_view value) noexcept;
};

} // namespace kvduel::http
