#include "harness/tests/truth/request.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace truth {

namespace {

bool equal_in_any_case(std::string_view left, std::string_view right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](char a, char b) {
        return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
    });
}

std::string_view value_of(std::string_view line, std::string_view name) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !equal_in_any_case(line.substr(0, colon), name)) return {};
    line.remove_prefix(colon + 1);
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    return line;
}

bool read_request_line(std::string_view line, Request& request) {
    const std::size_t first = line.find(' ');
    const std::size_t last = line.rfind(' ');
    if (first == std::string_view::npos || last == first) return false;
    request.method = line.substr(0, first);
    request.target = line.substr(first + 1, last - first - 1);
    return line.substr(last + 1) == "HTTP/1.1" && request.target.starts_with('/');
}

} // namespace

ReadState read_request(std::string_view input, Request& request) {
    const std::size_t head = input.find("\r\n\r\n");
    if (head == std::string_view::npos)
        return input.size() < kMaxRequestBytes ? ReadState::kNeedMore : ReadState::kBad;
    request = {};
    std::size_t body_bytes = 0;
    std::string_view lines = input.substr(0, head + 2);
    for (bool is_first = true; !lines.empty(); is_first = false) {
        const std::size_t end = lines.find("\r\n");
        const std::string_view line = lines.substr(0, end);
        lines.remove_prefix(end + 2);
        if (is_first && !read_request_line(line, request)) return ReadState::kBad;
        if (equal_in_any_case(value_of(line, "Connection"), "close")) request.closes = true;
        const std::string_view length = value_of(line, "Content-Length");
        if (length.empty()) continue;
        const auto [stop, error] = std::from_chars(length.data(), length.data() + length.size(), body_bytes);
        if (error != std::errc{} || stop != length.data() + length.size()) return ReadState::kBad;
    }
    if (body_bytes > kMaxRequestBytes) return ReadState::kBad;
    request.size = head + 4 + body_bytes;
    if (input.size() < request.size) return ReadState::kNeedMore;
    request.body = input.substr(head + 4, body_bytes);
    return ReadState::kWhole;
}

} // namespace truth
