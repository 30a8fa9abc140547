#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace kvduel::workload {

/// Which key a request asks for.
struct KeyDistribution {
    enum class Kind : std::uint8_t { kUniform, kZipfian };
    Kind kind = Kind::kUniform;
    double theta = 0.99; ///< of kZipfian

    bool operator==(const KeyDistribution&) const = default;
};

/// Shares of the operations; they sum to 1.
struct Mix {
    double get = 1.0;
    double post = 0.0;

    bool operator==(const Mix&) const = default;
};

/// What the requests of a trial are. A pure description: with a seed and an index it names one request
/// exactly.
struct Workload {
    std::string name; ///< a row of the table of workloads, or "custom"
    std::uint64_t keys = 10'000;
    KeyDistribution key_distribution;
    std::size_t value_bytes = 64;
    Mix mix;
    std::optional<std::string> path; ///< every request is GET of this path; answers are not verified
    bool preload = true;             ///< every key is written once before the warm-up

    bool operator==(const Workload&) const = default;
};

} // namespace kvduel::workload
