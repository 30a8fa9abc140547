#pragma once

#include "harness/workload/random.hpp"

#include <chrono>
#include <cstdint>

namespace kvduel::workload {

/// How the gaps between requests of an open loop are: all alike, or exponential (a Poisson process, as
/// independent strangers make).
enum class ArrivalKind : std::uint8_t { kConstant, kPoisson };

/// The bounds of a rate, in requests per second. A rate is kept in whole millionths of a request per second.
inline constexpr double kLeastRate = 0.001;
inline constexpr double kMostRate = 10'000'000;

/// The due times of the requests of one phase, counted from its start: one sequence for the whole generator,
/// of which thread t of T takes the indexes i mod T == t. So the union over the threads is the same, to the
/// nanosecond, for every T. Pure: a function of rate, kind and seed. Not thread-safe.
///
/// Constant: i / rate, rounded down to ns, from the index, so it never drifts. Poisson: the sum of i + 1 gaps
/// -log1p(-u) / rate, each a whole number of 2^-20 ns, so that no sum loses anything.
class Arrivals {
public:
    /// The rate within its bounds, `thread` below `threads`.
    Arrivals(double rate_per_s, ArrivalKind kind, Seed seed, std::uint64_t thread,
             std::uint64_t threads) noexcept;

    /// The index in the whole sequence, over all threads, of this thread's next request.
    std::uint64_t index() const noexcept { return index_; }
    /// When it is due.
    std::chrono::nanoseconds due() const noexcept { return due_; }
    /// On to this thread's next.
    void advance() noexcept;

    /// When request `index` of a constant rate is due: exact for any index that lies within 292 years.
    static std::chrono::nanoseconds constant_due(std::uint64_t micro_rate, std::uint64_t index) noexcept;

private:
    __extension__ using Uint128 = unsigned __int128;

    void take_gaps(std::uint64_t count) noexcept;
    void settle() noexcept;

    ArrivalKind kind_;
    std::uint64_t micro_rate_; ///< requests in 10^6 s
    double mean_gap_;          ///< in 2^-20 ns
    Seed seed_;
    std::uint64_t threads_;
    std::uint64_t index_;
    std::uint64_t gaps_ = 0; ///< drawn so far
    Uint128 elapsed_ = 0;    ///< their sum, in 2^-20 ns
    std::chrono::nanoseconds due_{};
};

} // namespace kvduel::workload
