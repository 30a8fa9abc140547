#pragma once

#include "harness/workload/random.hpp"

#include <cstdint>

namespace kvduel::workload {

/// A seeded bijection of 0..n-1, so that hot ranks lie anywhere among the keys and no two share one: a
/// Feistel network over the next power of two, walked until it lands below n (at most 2 steps on average).
/// Immutable.
class Scramble {
public:
    /// n >= 1.
    Scramble(std::uint64_t n, Seed seed) noexcept;

    std::uint64_t operator()(std::uint64_t value) const noexcept;

private:
    static constexpr int kRounds = 4; ///< Luby and Rackoff 1988: indistinguishable from random from 4 on

    std::uint64_t n_;
    std::uint64_t seed_;
    unsigned low_bits_;
    std::uint64_t low_mask_;
    std::uint64_t high_mask_;
};

} // namespace kvduel::workload
