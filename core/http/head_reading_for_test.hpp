#pragma once

#include "core/http/head.hpp"

#include <string>
#include <vector>

/// For tests and fuzzers: heads read in pieces, and verdicts as text that can be compared and printed.
namespace kvduel::http {

inline std::string describe(const HeadResult& result) {
    if (std::holds_alternative<NeedMore>(result)) return "need more";
    if (const auto* refusal = std::get_if<Refusal>(&result))
        return std::to_string(static_cast<int>(refusal->status)) + (refusal->closes ? "!" : "") +
               (refusal->head_only ? " head" : "");
    const Head& head = std::get<Head>(result);
    return "method " + std::to_string(static_cast<int>(head.method)) + " target " + std::string(head.target) +
           " 1.0 " + std::to_string(head.is_http_1_0) + " keeps " + std::to_string(head.keeps_alive) +
           " framing " + std::to_string(static_cast<int>(head.framing)) + " length " +
           std::to_string(head.content_length) + " expect " +
           std::to_string(static_cast<int>(head.expectation)) + " size " + std::to_string(head.size);
}

/// The verdict when the bytes arrive in pieces that end at `ends`, each time in another buffer.
inline std::string read_in_pieces(const std::string& bytes, std::vector<std::size_t> ends,
                                  const Limits& limits = {}) {
    HeadReader reader(limits);
    ends.push_back(bytes.size());
    for (const std::size_t end : ends) {
        std::string so_far = bytes.substr(0, end);
        const std::string verdict = describe(reader.read({so_far.data(), so_far.size()}));
        if (verdict != "need more") return verdict;
    }
    return "need more";
}

/// The verdict when the bytes arrive one by one.
inline std::string read_bytewise(std::string bytes, const Limits& limits = {}) {
    HeadReader reader(limits);
    for (std::size_t end = 0; end <= bytes.size(); ++end) {
        const std::string verdict = describe(reader.read({bytes.data(), end}));
        if (verdict != "need more") return verdict;
    }
    return "need more";
}

inline std::string with_fields(const std::string& fields) {
    return "GET /k HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
}

inline std::string with_line(const std::string& line) {
    return line + "\r\nHost: h\r\n\r\n";
}

} // namespace kvduel::http
