#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

namespace kvduel::store {

/// One operation on one register, between two readings of a clock that all threads share. No two readings are
/// equal.
struct RegisterOperation {
    std::int64_t start = 0;
    std::int64_t end = 0;
    bool is_write = false;
    std::uint64_t version = 0; ///< written, each once, from 1; or read, 0 being what stood there at first
};

/// Empty if the history can be put into one order that respects both the intervals and what each read saw;
/// else why not. Exact for a register whose written versions differ, in n log n: Gibbons and Korach, Testing
/// shared memories, SIAM J. Computing 26 (1997), section 4. A version's operations span a zone between the
/// first end and the last start among them: forward if the end comes first (then the register held that
/// version all through it), backward if not (one moment in it is enough).
inline std::string linearizability_violation(const std::vector<RegisterOperation>& history) {
    struct Zone {
        std::int64_t first_end = std::numeric_limits<std::int64_t>::max();
        std::int64_t last_start = std::numeric_limits<std::int64_t>::min();
        std::int64_t first_read_end = std::numeric_limits<std::int64_t>::max();
        std::int64_t write_start = std::numeric_limits<std::int64_t>::max(); // none yet
        std::int64_t low() const { return std::min(first_end, last_start); }
        std::int64_t high() const { return std::max(first_end, last_start); }
        bool is_forward() const { return first_end < last_start; }
    };
    constexpr std::int64_t kBefore = std::numeric_limits<std::int64_t>::min() / 2;
    std::map<std::uint64_t, Zone> zones;
    zones[0] = {kBefore + 1, kBefore, std::numeric_limits<std::int64_t>::max(), kBefore};
    for (const RegisterOperation& operation : history) {
        Zone& zone = zones[operation.version];
        zone.first_end = std::min(zone.first_end, operation.end);
        zone.last_start = std::max(zone.last_start, operation.start);
        if (operation.is_write)
            zone.write_start = operation.start;
        else
            zone.first_read_end = std::min(zone.first_read_end, operation.end);
    }
    std::vector<Zone> forward;
    for (const auto& [version, zone] : zones) {
        if (zone.first_read_end < zone.write_start)
            return "version " + std::to_string(version) + " was read before it was written";
        if (zone.is_forward()) forward.push_back(zone);
    }
    std::sort(forward.begin(), forward.end(), [](const Zone& a, const Zone& b) { return a.low() < b.low(); });
    for (std::size_t i = 1; i < forward.size(); ++i)
        if (forward[i].low() < forward[i - 1].high()) return "two versions held at one moment";
    for (const auto& [version, zone] : zones) {
        if (zone.is_forward()) continue;
        // The last forward zone that begins before this one; they do not overlap, so no other can hold it.
        auto after = std::lower_bound(forward.begin(), forward.end(), zone.low(),
                                      [](const Zone& held, std::int64_t low) { return held.low() < low; });
        if (after != forward.begin() && zone.high() < (after - 1)->high())
            return "version " + std::to_string(version) + " came and went while another held";
    }
    return {};
}

} // namespace kvduel::store
