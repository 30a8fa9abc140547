#include "core/http/request_line.hpp"

#include "core/http/character.hpp"

namespace kvduel::http {

RequestLine::State RequestLine::advance(std::string_view line) noexcept {
    const char* const first = line.data();
    const char* const last = first + line.size();
    for (;;) {
        scanned_ = static_cast<std::size_t>(skip_part(first + scanned_, last) - first);
        if (scanned_ > max_bytes_) {
            const bool is_in_method = line.substr(0, max_bytes_).find(' ') == std::string_view::npos;
            return refuse(is_in_method ? Status::kBadRequest : Status::kUriTooLong);
        }
        if (scanned_ == line.size()) return State::kNeedMore;
        const char c = line[scanned_];
        if (c == '\r') {
            if (scanned_ + 1 == line.size()) return State::kNeedMore;
            return line[scanned_ + 1] == '\n' ? judge(line) : refuse(Status::kBadRequest);
        }
        if (c == '\n' || c == '\0') return refuse(Status::kBadRequest);
        end_part(c);
    }
}

const char* RequestLine::skip_part(const char* at, const char* last) const noexcept {
    switch (part_) {
    case Part::kMethod: return skip_class(at, last, kTokenClass);
    case Part::kTarget: return skip_class(at, last, kTargetClass);
    case Part::kRest: break;
    }
    return find_control(at, last);
}

void RequestLine::end_part(char c) noexcept {
    const bool is_empty = scanned_ == part_start_;
    ++scanned_;
    if (c != ' ' || is_empty || part_ == Part::kRest) {
        is_faulty_ = true;
        part_ = Part::kRest;
        return;
    }
    part_ = part_ == Part::kMethod ? Part::kTarget : Part::kRest;
    part_start_ = scanned_;
}

RequestLine::State RequestLine::judge(std::string_view line) noexcept {
    const std::string_view version = line.substr(part_start_, scanned_ - part_start_);
    const bool is_version = version.size() == 8 && version.starts_with("HTTP/") && is_digit(version[5]) &&
                            version[6] == '.' && is_digit(version[7]);
    if (is_faulty_ || part_ != Part::kRest || !is_version) return refuse(Status::kBadRequest);
    return version[5] == '1' ? State::kDone : refuse(Status::kHttpVersionNotSupported);
}

RequestLine::State RequestLine::refuse(Status status) noexcept {
    refusal_ = status;
    return State::kRefused;
}

} // namespace kvduel::http
