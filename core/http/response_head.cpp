#include "core/http/response_head.hpp"

#include <charconv>
#include <cstring>
#include <string_view>

namespace kvduel::http {

namespace {

/// The next free byte of an answer's head. The parts' lengths are bounded by construction: see the test that
/// writes every longest part at once.
class Cursor {
public:
    explicit Cursor(char* at) noexcept : at_(at) {}

    /// `text` may be empty but must have an address, as memcpy wants it.
    void put(std::string_view text) noexcept {
        std::memcpy(at_, text.data(), text.size());
        at_ += text.size();
    }
    void put_number(std::uint64_t number) noexcept {
        constexpr std::size_t kMaxDigits = 20;
        at_ = std::to_chars(at_, at_ + kMaxDigits, number).ptr;
    }
    const char* at() const noexcept { return at_; }

private:
    char* at_;
};

std::string_view status_line(Status status) noexcept {
    switch (status) {
    case Status::kContinue: return "HTTP/1.1 100 Continue\r\n";
    case Status::kOk: return "HTTP/1.1 200 OK\r\n";
    case Status::kCreated: return "HTTP/1.1 201 Created\r\n";
    case Status::kNoContent: return "HTTP/1.1 204 No Content\r\n";
    case Status::kBadRequest: return "HTTP/1.1 400 Bad Request\r\n";
    case Status::kNotFound: return "HTTP/1.1 404 Not Found\r\n";
    case Status::kMethodNotAllowed: return "HTTP/1.1 405 Method Not Allowed\r\n";
    case Status::kRequestTimeout: return "HTTP/1.1 408 Request Timeout\r\n";
    case Status::kContentTooLarge: return "HTTP/1.1 413 Content Too Large\r\n";
    case Status::kUriTooLong: return "HTTP/1.1 414 URI Too Long\r\n";
    case Status::kExpectationFailed: return "HTTP/1.1 417 Expectation Failed\r\n";
    case Status::kMisdirectedRequest: return "HTTP/1.1 421 Misdirected Request\r\n";
    case Status::kRequestHeaderFieldsTooLarge: return "HTTP/1.1 431 Request Header Fields Too Large\r\n";
    case Status::kNotImplemented: return "HTTP/1.1 501 Not Implemented\r\n";
    case Status::kServiceUnavailable: return "HTTP/1.1 503 Service Unavailable\r\n";
    case Status::kHttpVersionNotSupported: return "HTTP/1.1 505 HTTP Version Not Supported\r\n";
    case Status::kInsufficientStorage: return "HTTP/1.1 507 Insufficient Storage\r\n";
    }
    return ""; // unreachable: -Wswitch names a status without a row
}

std::string_view content_type_lines(ContentType type) noexcept {
    switch (type) {
    case ContentType::kNone: return "";
    case ContentType::kText: return "Content-Type: text/plain; charset=utf-8\r\n";
    case ContentType::kOctets:
        return "Content-Type: application/octet-stream\r\nX-Content-Type-Options: nosniff\r\n";
    case ContentType::kJson: return "Content-Type: application/json\r\n";
    case ContentType::kPrometheus: return "Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n";
    }
    return ""; // unreachable: -Wswitch names a type without a row
}

std::string_view connection_line(ConnectionField field) noexcept {
    switch (field) {
    case ConnectionField::kNone: return "";
    case ConnectionField::kClose: return "Connection: close\r\n";
    case ConnectionField::kKeepAlive: return "Connection: keep-alive\r\n";
    }
    return ""; // unreachable: -Wswitch names a field without a row
}

} // namespace

std::size_t write_response_head(std::span<char, kMaxResponseHeadBytes> out, const ResponseHead& head,
                                const DateText& date) noexcept {
    Cursor cursor(out.data());
    cursor.put(status_line(head.status));
    cursor.put("Date: ");
    cursor.put({date.data(), date.size()});
    cursor.put("\r\n");
    if (head.status != Status::kNoContent) { // RFC 9110 8.6
        cursor.put("Content-Length: ");
        cursor.put_number(head.content_length);
        cursor.put("\r\n");
    }
    cursor.put(content_type_lines(head.content_type));
    if (head.allow != Allow::kNone) {
        cursor.put("Allow: ");
        cursor.put(allow_text(head.allow));
        cursor.put("\r\n");
    }
    if (head.status == Status::kServiceUnavailable) cursor.put("Retry-After: 1\r\n");
    cursor.put(connection_line(head.connection));
    cursor.put("\r\n");
    return static_cast<std::size_t>(cursor.at() - out.data());
}

} // namespace kvduel::http
