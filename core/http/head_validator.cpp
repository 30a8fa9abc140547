#include "core/http/head_validator.hpp"

namespace kvduel::http {

HeadValidator::HeadValidator(const Limits& limits) noexcept : line_(limits.max_request_line_bytes()) {}

HeadValidator::State HeadValidator::advance(std::string_view bytes) noexcept {
    switch (part_) {
    case Part::kStart: return skip_leading_crlf(bytes);
    case Part::kRequestLine: return read_request_line(bytes);
    case Part::kFields: break;
    }
    return read_fields(bytes);
}

HeadValidator::State HeadValidator::skip_leading_crlf(std::string_view bytes) noexcept {
    if (bytes.empty()) return State::kNeedMore;
    if (bytes[0] == '\r') {
        if (bytes.size() == 1) return State::kNeedMore;
        if (bytes[1] != '\n') return refuse(bytes, Status::kBadRequest);
        start_ = 2; // RFC 9112 2.2; a second one is an empty request-line
    }
    part_ = Part::kRequestLine;
    return read_request_line(bytes);
}

HeadValidator::State HeadValidator::read_request_line(std::string_view bytes) noexcept {
    switch (line_.advance(bytes.substr(start_))) {
    case RequestLine::State::kNeedMore: return State::kNeedMore;
    case RequestLine::State::kRefused: return refuse(bytes, line_.refusal());
    case RequestLine::State::kDone: break;
    }
    scanned_ = start_ + line_.size() + 2;
    part_ = Part::kFields;
    return read_fields(bytes);
}

HeadValidator::State HeadValidator::read_fields(std::string_view bytes) noexcept {
    scanned_ += fields_.advance(bytes.substr(scanned_));
    switch (fields_.state()) {
    case FieldSection::State::kNeedMore: return State::kNeedMore;
    case FieldSection::State::kRefused: return refuse(bytes, fields_.refusal());
    case FieldSection::State::kDone: break;
    }
    return State::kWhole;
}

HeadValidator::State HeadValidator::refuse(std::string_view bytes, Status status) noexcept {
    refusal_.status = status;
    // The asker takes no body after HEAD, whatever else was wrong with the request.
    refusal_.head_only = bytes.substr(start_).starts_with("HEAD ");
    return State::kRefused;
}

} // namespace kvduel::http
