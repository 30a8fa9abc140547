#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace kvduel::http {

/// A whole answer. `body` points into the last input or the parser and lasts until the parser is used again.
struct Response {
    int status = 0;
    bool closes = false;         ///< the server sends no further answer on this connection
    std::string_view body;       ///< its first kept_body_bytes
    std::uint64_t body_size = 0; ///< all of it
};

/// How much of an answer is accepted and how much of it is kept.
struct ResponseLimits {
    static constexpr std::size_t kMaxHeadBytes = 65'536; ///< status line and fields of one head
    static constexpr std::size_t kMaxChunkLineBytes = 4'096;
    static constexpr std::size_t kMaxTrailerBytes = 8'192;
    static constexpr int kMaxInterimAnswers = 8; ///< 1xx before the final answer

    std::uint64_t max_body_bytes = 1'048'576;
    std::size_t kept_body_bytes = 1'048'576; ///< what lies beyond is counted and dropped
};

/// The client's strict reader of HTTP/1.1 answers (RFC 9112), fed as bytes arrive. What the RFC leaves to the
/// reader's mercy is a fault here: bare LF, folded fields, two Content-Lengths, length and coding together,
/// any coding but a sole chunked. The split of the input never changes the verdict.
///
/// Sans I/O, not thread-safe. An answer that lies whole in one input is read in place: no allocation, no
/// copy. Of a cut one the parser keeps the cut line and at most kept_body_bytes. A head that equals the last
/// one byte for byte means what that meant, and is not read again: servers change theirs once a second.
class ResponseParser {
public:
    enum class State : std::uint8_t {
        kNeedMore, ///< all input is used up
        kDone,     ///< response() is whole; what follows `consumed` is not part of it
        kFault,    ///< not HTTP, or over a limit: fault() says which; the connection is of no more use
    };

    struct Parsed {
        State state = State::kNeedMore;
        std::size_t consumed = 0;
    };

    explicit ResponseParser(const ResponseLimits& limits) noexcept : limits_(limits) {}

    /// Begins the next answer. `head_only`: it answers a HEAD and has no body, whatever it says.
    void start(bool head_only) noexcept;

    Parsed parse(std::string_view input);

    /// The peer has closed. True if that ended the answer (RFC 9112 6.3, rule 8), which is then whole.
    bool finish() noexcept;

    const Response& response() const noexcept { return response_; }
    std::string_view fault() const noexcept { return fault_; }

private:
    enum class Stage : std::uint8_t {
        kStatusLine,
        kFields,
        kLengthBody,
        kCloseBody,
        kChunkSize,
        kChunkData,
        kChunkEnd,
        kTrailers,
        kDone,
        kFault
    };

    /// A head that was read whole from one input and led to a body by length.
    struct KnownHead {
        static constexpr std::size_t kMaxBytes = 512;
        std::string bytes; ///< empty: none yet
        int status = 0;
        bool closes = false;
        std::uint64_t content_length = 0;
    };

    bool takes_lines() const noexcept;
    bool is_at_start() const noexcept;
    std::size_t take_known_head(std::string_view input);
    void remember_head(std::string_view head);
    std::size_t line_limit() const noexcept;
    std::size_t take_line(std::string_view input);
    std::size_t take_body(std::string_view input);
    void read_line(std::string_view line);
    void read_status_line(std::string_view line);
    void read_field(std::string_view line);
    void read_interpreted_field(std::string_view name, std::string_view value);
    void read_content_length(std::string_view value);
    void read_connection(std::string_view value);
    void end_head();
    void start_length_body(std::uint64_t size);
    void read_chunk_size(std::string_view line);
    void end_body() noexcept;
    void fail(std::string_view fault) noexcept;

    ResponseLimits limits_;
    Response response_;
    std::string_view fault_;
    KnownHead known_head_;
    std::string line_;       ///< of a line whose end has not come
    std::string body_;       ///< of a body that did not come in one piece
    std::uint64_t left_ = 0; ///< of the body by length, or of the chunk
    std::uint64_t content_length_ = 0;
    std::size_t section_bytes_ = 0; ///< of the head, the chunk line or the trailers so far
    int interim_answers_ = 0;
    Stage stage_ = Stage::kStatusLine;
    bool head_only_ = false;
    bool is_http_1_0_ = false;
    bool has_content_length_ = false;
    bool is_chunked_ = false;
    bool says_close_ = false;
    bool says_keep_alive_ = false;
};

} // namespace kvduel::http
