#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace truth {

/// What a server may do instead of a right answer.
enum class Fault : std::uint8_t {
    kNone,
    kTorn,        ///< the first half of the value, the second half of the one before
    kStale,       ///< the value before the last write
    kSwapped,     ///< the value of another key
    kCut,         ///< the value without its last byte, rightly framed
    kShortBody,   ///< one byte of the body, then the end of the connection
    kCutHead,     ///< the status line and a bit, then the end of the connection
    kClose,       ///< the end of the connection (FIN)
    kReset,       ///< RST
    kGarbage,     ///< bytes that are not HTTP
    kStray,       ///< a right answer and bytes behind it
    kEndlessHead, ///< field after field
    kEndlessBody, ///< chunk after chunk
    kNever,       ///< nothing, and the connection stays open
    kStatus,      ///< 503
};

struct FaultName {
    std::string_view name;
    Fault fault;
};

inline constexpr std::array<FaultName, 14> kFaults{{
    {"torn", Fault::kTorn},
    {"stale", Fault::kStale},
    {"swapped", Fault::kSwapped},
    {"cut", Fault::kCut},
    {"short-body", Fault::kShortBody},
    {"cut-head", Fault::kCutHead},
    {"close", Fault::kClose},
    {"reset", Fault::kReset},
    {"garbage", Fault::kGarbage},
    {"stray", Fault::kStray},
    {"endless-head", Fault::kEndlessHead},
    {"endless-body", Fault::kEndlessBody},
    {"never", Fault::kNever},
    {"status", Fault::kStatus},
}};

inline std::optional<Fault> parse_fault(std::string_view name) {
    for (const FaultName& row : kFaults)
        if (row.name == name) return row.fault;
    return std::nullopt;
}

/// A wrong value needs a GET of a key that was written; every other fault befalls any request.
inline bool is_wrong_value(Fault fault) {
    return fault == Fault::kTorn || fault == Fault::kStale || fault == Fault::kSwapped ||
           fault == Fault::kCut;
}

} // namespace truth
