#include "core/http/field_views.hpp"

#include "core/http/scanner.hpp"

#include <limits>

namespace kvduel::http {

namespace {

std::string_view view(boost::beast::string_view text) noexcept {
    return {text.data(), text.size()};
}

void take_single(FieldViews::Single& field, std::string_view value) noexcept {
    field.value = value;
    ++field.count;
}

} // namespace

bool FieldViews::parse(std::string_view head) noexcept {
    // The limits are ours (contract, section 2): Beast's must not speak first. Nor may it begin with the
    // body.
    header_limit(std::numeric_limits<std::uint32_t>::max());
    body_limit(boost::none);
    skip(true);
    ErrorCode error;
    const std::size_t used = put(boost::asio::const_buffer(head.data(), head.size()), error);
    return !error && is_done() && used == head.size();
}

void FieldViews::on_request_impl(boost::beast::http::verb, Text verb_text, Text target_text, int version,
                                 ErrorCode&) {
    method = view(verb_text);
    target = view(target_text);
    is_http_1_0 = version == 10;
}

void FieldViews::on_field_impl(Field name, Text, Text value_text, ErrorCode&) {
    const std::string_view value = view(value_text);
    switch (name) {
    case Field::host: take_single(host, value); break;
    case Field::content_length: take_single(content_length, value); break;
    case Field::transfer_encoding: take_single(transfer_encoding, value); break;
    case Field::connection: take_connection(value); break;
    case Field::expect: take_expect(value); break;
    default: break;
    }
}

void FieldViews::take_connection(std::string_view value) noexcept {
    Scanner scanner(value);
    while (!scanner.is_at_end()) {
        const std::string_view option = scanner.take_element();
        if (equals_ignoring_case(option, "close")) says_close = true;
        if (equals_ignoring_case(option, "keep-alive")) says_keep_alive = true;
    }
}

void FieldViews::take_expect(std::string_view value) noexcept {
    Scanner scanner(value);
    while (!scanner.is_at_end()) {
        const std::string_view expectation = scanner.take_element();
        if (expectation.empty()) continue;
        if (equals_ignoring_case(expectation, "100-continue"))
            expects_continue = true;
        else
            expects_other = true;
    }
}

void FieldViews::on_header_impl(ErrorCode&) {}
void FieldViews::on_finish_impl(ErrorCode&) {}

// The rest is never called: this is a request's parser, and skip() ends the message with its head.
void FieldViews::on_response_impl(int, Text, int, ErrorCode&) {}
void FieldViews::on_body_init_impl(const boost::optional<std::uint64_t>&, ErrorCode&) {}
std::size_t FieldViews::on_body_impl(Text body, ErrorCode&) {
    return body.size();
}
void FieldViews::on_chunk_header_impl(std::uint64_t, Text, ErrorCode&) {}
std::size_t FieldViews::on_chunk_body_impl(std::uint64_t, Text body, ErrorCode&) {
    return body.size();
}

} // namespace kvduel::http
