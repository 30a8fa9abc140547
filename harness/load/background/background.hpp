#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace kvduel::load {

/// What the connections of a background do to the server while the foreground is measured.
enum class BackgroundKind : std::uint8_t {
    kIdle,        ///< open, proven alive by one request, then silent
    kSlowReaders, ///< ask for much and take it a few bytes at a time
    kSlowSenders, ///< send requests a byte at a time
    kNoise,       ///< send malformed requests, one after the other
};

/// A disturbance beside the measured load: in none of its histograms and counts.
struct Background {
    BackgroundKind kind = BackgroundKind::kIdle;
    unsigned connections = 1;

    bool operator==(const Background&) const = default;
};

inline constexpr std::size_t kMaxBackgrounds = 4;

/// As suites, reports and messages name them.
inline constexpr std::array<std::pair<std::string_view, BackgroundKind>, 4> kBackgroundWords{{
    {"idle", BackgroundKind::kIdle},
    {"slow-readers", BackgroundKind::kSlowReaders},
    {"slow-senders", BackgroundKind::kSlowSenders},
    {"noise", BackgroundKind::kNoise},
}};

constexpr std::string_view word_of(BackgroundKind kind) noexcept {
    return kBackgroundWords[static_cast<std::size_t>(kind)].first;
}

} // namespace kvduel::load
