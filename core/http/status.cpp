#include "core/http/status.hpp"

namespace kvduel::http {

std::string_view reason(Status status) noexcept {
    switch (status) {
    case Status::kContinue: return "Continue";
    case Status::kOk: return "OK";
    case Status::kCreated: return "Created";
    case Status::kNoContent: return "No Content";
    case Status::kBadRequest: return "Bad Request";
    case Status::kNotFound: return "Not Found";
    case Status::kMethodNotAllowed: return "Method Not Allowed";
    case Status::kRequestTimeout: return "Request Timeout";
    case Status::kContentTooLarge: return "Content Too Large";
    case Status::kUriTooLong: return "URI Too Long";
    case Status::kExpectationFailed: return "Expectation Failed";
    case Status::kMisdirectedRequest: return "Misdirected Request";
    case Status::kRequestHeaderFieldsTooLarge: return "Request Header Fields Too Large";
    case Status::kNotImplemented: return "Not Implemented";
    case Status::kServiceUnavailable: return "Service Unavailable";
    case Status::kHttpVersionNotSupported: return "HTTP Version Not Supported";
    case Status::kInsufficientStorage: return "Insufficient Storage";
    }
    return {}; // unreachable: -Wswitch names a status without a row
}

} // namespace kvduel::http
