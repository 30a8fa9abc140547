#include "core/http/response_parser.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

using kvduel::http::ResponseLimits;
using kvduel::http::ResponseParser;

struct Outcome {
    ResponseParser::State state = ResponseParser::State::kNeedMore;
    std::size_t consumed = 0;
    int status = 0;
    bool closes = false;
    bool finished = false;
    std::uint64_t body_size = 0;
    std::string body;

    bool operator==(const Outcome&) const = default;
};

constexpr ResponseLimits kLimits{.max_body_bytes = 4'096, .kept_body_bytes = 256};

/// Feeds `text` in pieces of `step` bytes, each in memory of its own.
Outcome parse_in_steps(ResponseParser& parser, std::string_view text, std::size_t step, bool head_only) {
    parser.start(head_only);
    Outcome outcome;
    while (!text.empty() && outcome.state == ResponseParser::State::kNeedMore) {
        const std::string piece(text.substr(0, step));
        const auto parsed = parser.parse(piece);
        if (parsed.consumed > piece.size()) std::abort();
        if (parsed.state == ResponseParser::State::kNeedMore && parsed.consumed != piece.size()) std::abort();
        outcome.state = parsed.state;
        outcome.consumed += parsed.consumed;
        text.remove_prefix(piece.size());
        outcome.body = parser.response().body;
    }
    if (outcome.state == ResponseParser::State::kFault) return {.state = outcome.state, .body = {}};
    if (outcome.state == ResponseParser::State::kNeedMore) outcome.finished = parser.finish();
    outcome.status = parser.response().status;
    outcome.closes = parser.response().closes;
    outcome.body_size = parser.response().body_size;
    if (outcome.finished) outcome.body = parser.response().body;
    if (outcome.body.size() > kLimits.kept_body_bytes || outcome.body_size > kLimits.max_body_bytes)
        std::abort();
    return outcome;
}

} // namespace

/// Neither the split of the bytes nor what the parser has read before changes what was read. The first byte
/// chooses the split and whether it answers HEAD.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const bool head_only = (data[0] & 1) != 0;
    const std::size_t step = 2 + data[0] / 2;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    ResponseParser parser(kLimits);
    const Outcome whole = parse_in_steps(parser, text, text.size() + 1, head_only);
    for (const std::size_t bytes : {std::size_t{1}, step, text.size() + 1})
        if (parse_in_steps(parser, text, bytes, head_only) != whole) std::abort();
    return 0;
}
