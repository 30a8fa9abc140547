#include "core/http/field_section.hpp"

#include "core/http/character.hpp"

namespace kvduel::http {

FieldSection::State FieldSection::state() const noexcept {
    if (step_ == Step::kDone) return State::kDone;
    return step_ == Step::kRefused ? State::kRefused : State::kNeedMore;
}

std::size_t FieldSection::advance(std::string_view bytes) noexcept {
    const char* at = bytes.data();
    const char* const last = at + bytes.size();
    while (at != last) {
        switch (step_) {
        case Step::kLineStart:
            if (*at == '\r') {
                step_ = Step::kLastLineFeed;
                ++at;
                break;
            }
            step_ = Step::kName;
            has_name_ = false;
            is_faulty_ = false;
            [[fallthrough]];
        case Step::kName: at = read_name(at, last); break;
        case Step::kValue: at = read_value(at, last); break;
        case Step::kLineFeed: end_line(*at++); break;
        case Step::kLastLineFeed:
            if (*at++ == '\n')
                step_ = Step::kDone;
            else
                refuse(Status::kBadRequest);
            break;
        case Step::kDone:
        case Step::kRefused: return static_cast<std::size_t>(at - bytes.data());
        }
    }
    return bytes.size();
}

const char* FieldSection::read_name(const char* at, const char* last) noexcept {
    const char* const end = skip_class(at, last, kTokenClass);
    if (end != at) has_name_ = true;
    if (!spend(static_cast<std::size_t>(end - at))) return end;
    if (end == last) return end;
    if (*end == ':') {
        is_faulty_ = !has_name_;
        step_ = Step::kValue;
        spend(1);
    } else {
        // A line without a colon, a blank before it, obs-fold or a byte that no name has: the rest is passed
        // over.
        is_faulty_ = true;
        step_ = Step::kValue;
        take_odd_byte(*end);
    }
    return end + 1;
}

const char* FieldSection::read_value(const char* at, const char* last) noexcept {
    const char* const end = find_control(at, last);
    if (!spend(static_cast<std::size_t>(end - at))) return end;
    if (end == last) return end;
    take_odd_byte(*end);
    return end + 1;
}

void FieldSection::take_odd_byte(char c) noexcept {
    if (c == '\r') {
        ++bytes_; // judged with its LF: alone it is bare
        step_ = Step::kLineFeed;
        return;
    }
    if (c == '\n' || c == '\0') return refuse(Status::kBadRequest);
    if (is_control(c) && c != '\t') is_faulty_ = true;
    spend(1);
}

void FieldSection::end_line(char c) noexcept {
    if (c != '\n') return refuse(Status::kBadRequest);
    if (!spend(1)) return;
    if (++fields_ > max_fields_) return refuse(Status::kRequestHeaderFieldsTooLarge);
    if (is_faulty_) return refuse(Status::kBadRequest);
    step_ = Step::kLineStart;
}

bool FieldSection::spend(std::size_t count) noexcept {
    bytes_ += count;
    if (bytes_ <= max_bytes_) return true;
    refuse(Status::kRequestHeaderFieldsTooLarge);
    return false;
}

void FieldSection::refuse(Status status) noexcept {
    step_ = Step::kRefused;
    refusal_ = status;
}

} // namespace kvduel::http
