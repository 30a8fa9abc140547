#include "core/http/response_parser.hpp"

#include "core/http/character.hpp"

#include <algorithm>
#include <cstring>

namespace kvduel::http {

namespace {

constexpr std::string_view kVersionPrefix = "HTTP/1.";

bool is_token(std::string_view text) noexcept {
    const char* const last = text.data() + text.size();
    return skip_class(text.data(), last, kTokenClass) == last;
}

/// RFC 9110 5.5: no control byte but HTAB.
bool is_text(std::string_view text) noexcept {
    const char* const last = text.data() + text.size();
    const char* at = find_control(text.data(), last);
    while (at != last && *at == '\t') at = find_control(at + 1, last);
    return at == last;
}

} // namespace

void ResponseParser::start(bool head_only) noexcept {
    response_ = {};
    fault_ = {};
    line_.clear();
    body_.clear();
    section_bytes_ = 0;
    interim_answers_ = 0;
    stage_ = Stage::kStatusLine;
    head_only_ = head_only;
    has_content_length_ = is_chunked_ = says_close_ = says_keep_alive_ = false;
}

ResponseParser::Parsed ResponseParser::parse(std::string_view input) {
    const bool may_learn = is_at_start();
    std::size_t consumed = may_learn ? take_known_head(input) : 0;
    const bool is_known = consumed > 0;
    while (stage_ != Stage::kDone && stage_ != Stage::kFault && consumed < input.size()) {
        const std::string_view rest = input.substr(consumed);
        const bool was_in_head = stage_ == Stage::kFields;
        consumed += takes_lines() ? take_line(rest) : take_body(rest);
        if (was_in_head && stage_ == Stage::kLengthBody && may_learn && !is_known)
            remember_head(input.substr(0, consumed));
    }
    if (stage_ == Stage::kFault) return {State::kFault, consumed};
    return {stage_ == Stage::kDone ? State::kDone : State::kNeedMore, consumed};
}

bool ResponseParser::is_at_start() const noexcept {
    return stage_ == Stage::kStatusLine && section_bytes_ == 0 && interim_answers_ == 0 && !head_only_;
}

/// Takes the head off the front of `input` if it is the known one; 0 if it is not.
std::size_t ResponseParser::take_known_head(std::string_view input) {
    if (known_head_.bytes.empty() || !input.starts_with(known_head_.bytes)) return 0;
    response_.status = known_head_.status;
    response_.closes = known_head_.closes;
    start_length_body(known_head_.content_length);
    return known_head_.bytes.size();
}

void ResponseParser::remember_head(std::string_view head) {
    if (head.size() > KnownHead::kMaxBytes || interim_answers_ > 0) return;
    known_head_.bytes.reserve(KnownHead::kMaxBytes); // once: heads of other lengths follow
    known_head_.bytes.assign(head);
    known_head_.status = response_.status;
    known_head_.closes = response_.closes;
    known_head_.content_length = content_length_;
}

bool ResponseParser::finish() noexcept {
    if (stage_ != Stage::kCloseBody) return false;
    end_body();
    return true;
}

bool ResponseParser::takes_lines() const noexcept {
    return stage_ != Stage::kLengthBody && stage_ != Stage::kCloseBody && stage_ != Stage::kChunkData;
}

std::size_t ResponseParser::line_limit() const noexcept {
    switch (stage_) {
    case Stage::kChunkSize: return ResponseLimits::kMaxChunkLineBytes;
    case Stage::kChunkEnd: return 2;
    case Stage::kTrailers: return ResponseLimits::kMaxTrailerBytes;
    default: return ResponseLimits::kMaxHeadBytes;
    }
}

/// Takes one line, or what there is of it, off the front of `input`.
std::size_t ResponseParser::take_line(std::string_view input) {
    const auto* end = static_cast<const char*>(std::memchr(input.data(), '\n', input.size()));
    const std::size_t taken =
        end == nullptr ? input.size() : static_cast<std::size_t>(end - input.data()) + 1;
    section_bytes_ += taken;
    if (section_bytes_ > line_limit()) {
        fail("a line or section over its limit");
        return taken;
    }
    std::string_view line = input.substr(0, taken);
    if (end == nullptr || !line_.empty()) line = line_.append(line);
    const bool is_garbage =
        stage_ == Stage::kStatusLine && !line.starts_with(kVersionPrefix.substr(0, line.size()));
    if (is_garbage) {
        fail("not an HTTP/1 status line");
    } else if (end != nullptr) {
        if (line.size() < 2 || line[line.size() - 2] != '\r')
            fail("a line that ends without CR");
        else
            read_line(line.substr(0, line.size() - 2));
        line_.clear();
    }
    return taken;
}

void ResponseParser::read_line(std::string_view line) {
    switch (stage_) {
    case Stage::kStatusLine: return read_status_line(line);
    case Stage::kFields: return line.empty() ? end_head() : read_field(line);
    case Stage::kChunkSize: return read_chunk_size(line);
    case Stage::kChunkEnd:
        section_bytes_ = 0;
        stage_ = Stage::kChunkSize;
        return line.empty() ? void() : fail("chunk data without its CRLF");
    case Stage::kTrailers: return line.empty() ? end_body() : read_field(line);
    default: return;
    }
}

/// RFC 9112 4: HTTP-version SP status-code SP [ reason-phrase ].
void ResponseParser::read_status_line(std::string_view line) {
    constexpr std::size_t kReasonAt = 13;
    if (line.size() < kReasonAt || (line[7] != '0' && line[7] != '1') || line[8] != ' ' ||
        !is_digit(line[9]) || !is_digit(line[10]) || !is_digit(line[11]) || line[12] != ' ' ||
        !is_text(line.substr(kReasonAt)))
        return fail("not an HTTP/1 status line");
    is_http_1_0_ = line[7] == '0';
    response_.status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
    if (response_.status < 100 || response_.status > 599) return fail("a status outside 100 to 599");
    stage_ = Stage::kFields;
}

void ResponseParser::read_field(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) return fail("a field without a name");
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = line.substr(colon + 1);
    if (!is_token(name)) return fail("a field name with a byte it may not have");
    if (!is_text(value)) return fail("a field value with a control byte");
    if (stage_ == Stage::kFields) read_interpreted_field(name, value);
}

void ResponseParser::read_interpreted_field(std::string_view name, std::string_view value) {
    if (equals_ignoring_case(name, "content-length")) {
        read_content_length(trim_blanks(value));
    } else if (equals_ignoring_case(name, "connection")) {
        read_connection(value);
    } else if (equals_ignoring_case(name, "transfer-encoding")) {
        if (is_chunked_ || !equals_ignoring_case(trim_blanks(value), "chunked"))
            return fail("a coding other than chunked");
        is_chunked_ = true;
    }
}

void ResponseParser::read_content_length(std::string_view value) {
    if (has_content_length_) return fail("two Content-Lengths");
    if (value.empty()) return fail("a Content-Length that is no number");
    std::uint64_t length = 0;
    for (const char c : value) {
        if (!is_digit(c)) return fail("a Content-Length that is no number");
        const auto digit = static_cast<std::uint64_t>(c - '0');
        if (length > (~std::uint64_t{0} - digit) / 10) return fail("a Content-Length past 64 bits");
        length = length * 10 + digit;
    }
    has_content_length_ = true;
    content_length_ = length;
}

void ResponseParser::read_connection(std::string_view value) {
    while (!value.empty()) {
        const std::size_t comma = std::min(value.find(','), value.size());
        const std::string_view option = trim_blanks(value.substr(0, comma));
        if (equals_ignoring_case(option, "close")) says_close_ = true;
        if (equals_ignoring_case(option, "keep-alive")) says_keep_alive_ = true;
        value.remove_prefix(std::min(comma + 1, value.size()));
    }
}

/// RFC 9112 6.3, in its order.
void ResponseParser::end_head() {
    section_bytes_ = 0;
    if (is_chunked_ && has_content_length_) return fail("a length and a coding together");
    if (is_chunked_ && is_http_1_0_) return fail("a coding in HTTP/1.0");
    if (response_.status == 101) return fail("an upgrade that nobody asked for");
    if (response_.status < 200) {
        if (++interim_answers_ > ResponseLimits::kMaxInterimAnswers) return fail("too many interim answers");
        has_content_length_ = is_chunked_ = says_close_ = says_keep_alive_ = false;
        stage_ = Stage::kStatusLine;
        return;
    }
    response_.closes = says_close_ || (is_http_1_0_ && !says_keep_alive_);
    if (head_only_ || response_.status == 204 || response_.status == 304) return end_body();
    if (is_chunked_) {
        stage_ = Stage::kChunkSize;
    } else if (has_content_length_) {
        start_length_body(content_length_);
    } else {
        response_.closes = true;
        stage_ = Stage::kCloseBody;
    }
}

void ResponseParser::start_length_body(std::uint64_t size) {
    if (size > limits_.max_body_bytes) return fail("a body over its limit");
    left_ = size;
    stage_ = Stage::kLengthBody;
    if (size == 0) end_body();
}

/// RFC 9112 7.1: hexadecimal digits, then extensions, which are dropped.
void ResponseParser::read_chunk_size(std::string_view line) {
    std::size_t digits = 0;
    std::uint64_t size = 0;
    for (; digits < line.size() && is_in(line[digits], kHexClass); ++digits) {
        if (size >> 60 != 0) return fail("a chunk size past 64 bits");
        size = size << 4 | hex_value(line[digits]);
    }
    const std::string_view rest = line.substr(digits);
    const bool is_extension = trim_blanks(rest).starts_with(';');
    if (digits == 0 || (!rest.empty() && !is_extension) || !is_text(rest))
        return fail("a chunk size that is no number");
    if (size > limits_.max_body_bytes - response_.body_size) return fail("a body over its limit");
    section_bytes_ = 0;
    left_ = size;
    stage_ = size == 0 ? Stage::kTrailers : Stage::kChunkData;
}

/// Takes body bytes off the front of `input`. A body by length that lies whole in it is not copied.
std::size_t ResponseParser::take_body(std::string_view input) {
    const bool is_bounded = stage_ != Stage::kCloseBody;
    const std::uint64_t room = is_bounded ? left_ : limits_.max_body_bytes - response_.body_size;
    const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(input.size(), room));
    if (!is_bounded && taken < input.size()) {
        fail("a body over its limit");
        return taken;
    }
    const bool is_whole = stage_ == Stage::kLengthBody && response_.body_size == 0 && taken == left_;
    response_.body_size += taken;
    if (is_whole) {
        response_.body = input.substr(0, std::min(taken, limits_.kept_body_bytes));
        stage_ = Stage::kDone;
        return taken;
    }
    body_.append(input.substr(0, std::min(taken, limits_.kept_body_bytes - body_.size())));
    if (is_bounded) {
        left_ -= taken;
        if (left_ == 0 && stage_ == Stage::kLengthBody) end_body();
        if (left_ == 0 && stage_ == Stage::kChunkData) stage_ = Stage::kChunkEnd;
    }
    return taken;
}

void ResponseParser::end_body() noexcept {
    response_.body = body_;
    stage_ = Stage::kDone;
}

void ResponseParser::fail(std::string_view fault) noexcept {
    fault_ = fault;
    stage_ = Stage::kFault;
}

} // namespace kvduel::http
