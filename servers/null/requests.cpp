#include "servers/null/requests.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace kvduel::servers::null {

namespace {

constexpr std::string_view kBlankLine = "\r\n\r\n";

/// The length a POST's head tells; none if it tells none or too large a one.
std::optional<std::size_t> content_length(std::string_view head) noexcept {
    constexpr std::string_view kField = "\r\nContent-Length: ";
    const std::size_t at = head.find(kField);
    if (at == std::string_view::npos) return std::nullopt;
    const std::string_view digits = head.substr(at + kField.size());
    std::size_t length = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), length);
    if (read.ec != std::errc{} || length > Requests::kMaxValueBytes) return std::nullopt;
    return length;
}

} // namespace

std::optional<std::size_t> Requests::count(std::string_view bytes) {
    std::size_t requests = 0;
    while (!bytes.empty()) {
        const bool is_post = !post_.empty() || (!is_in_head_ && bytes.front() == 'P');
        const std::optional<std::size_t> taken =
            is_post ? take_post(bytes, requests) : std::optional(take_head(bytes, requests));
        if (!taken) return std::nullopt;
        bytes.remove_prefix(*taken);
    }
    return requests;
}

std::optional<std::string> Requests::take_value() noexcept {
    return std::exchange(value_, std::nullopt);
}

std::size_t Requests::take_head(std::string_view bytes, std::size_t& heads) noexcept {
    // Nearly always: one head, whole. The search stops at its first CR that is no line's end.
    if (matched_ == 0 && bytes.ends_with(kBlankLine) &&
        bytes.find(kBlankLine) == bytes.size() - kBlankLine.size()) {
        ++heads;
        is_in_head_ = false;
        return bytes.size();
    }
    is_in_head_ = true;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (bytes[i] == kBlankLine[matched_])
            ++matched_;
        else
            matched_ = bytes[i] == '\r' ? 1 : 0;
        if (matched_ < kBlankLine.size()) continue;
        matched_ = 0;
        is_in_head_ = false;
        ++heads;
        return i + 1;
    }
    return bytes.size();
}

std::optional<std::size_t> Requests::take_post(std::string_view bytes, std::size_t& requests) {
    const std::size_t had = post_.size();
    if (post_bytes_ == 0) {
        post_.append(bytes.substr(0, kMaxHeadBytes - std::min(kMaxHeadBytes, had)));
        const std::size_t head_end = post_.find(kBlankLine);
        if (head_end == std::string::npos) {
            if (post_.size() >= kMaxHeadBytes) return std::nullopt;
            return post_.size() - had;
        }
        const std::size_t head_bytes = head_end + kBlankLine.size();
        const std::optional<std::size_t> length =
            content_length(std::string_view(post_).substr(0, head_bytes));
        if (!length) return std::nullopt;
        post_bytes_ = head_bytes + *length;
        post_.resize(std::min(post_.size(), post_bytes_));
        value_begin_ = head_bytes;
    } else {
        post_.append(bytes.substr(0, post_bytes_ - had));
    }
    const std::size_t taken = post_.size() - had;
    if (post_.size() < post_bytes_) return taken;
    const std::string_view body = std::string_view(post_).substr(value_begin_);
    const std::size_t equals = body.find('=');
    value_ = body.substr(equals == std::string_view::npos ? 0 : equals + 1);
    post_.clear();
    post_bytes_ = 0;
    ++requests;
    return taken;
}

} // namespace kvduel::servers::null
