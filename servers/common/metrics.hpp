#pragma once

#include "core/http/status.hpp"
#include "core/support/clock.hpp"

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace kvduel::servers {

/// Why a request or a connection was turned away without being looked at.
enum class Rejection : std::uint8_t { kInFlight, kQueue, kConnections, kBodyBudget, kMemory, kThread };
inline constexpr std::size_t kRejections = 6;

/// Which deadline ended a connection.
enum class Deadline : std::uint8_t { kHeader, kBody, kIdle, kWrite };
inline constexpr std::size_t kDeadlines = 4;

/// A counter that one thread or a few write and anybody reads. Relaxed: it orders nothing.
class Counter {
public:
    void add(std::uint64_t amount = 1) noexcept { value_.fetch_add(amount, std::memory_order_relaxed); }
    std::uint64_t get() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

/// Log-linear buckets of nanoseconds: exact to 63 ns, then 32 a doubling (3 %), up to 2^40 ns (18 minutes).
struct LatencyBuckets {
    static constexpr std::size_t kCount = 35 * 32 + 32;

    static std::size_t index(std::uint64_t nanoseconds) noexcept {
        const auto width = static_cast<unsigned>(std::bit_width(nanoseconds));
        const unsigned shift = width > 6 ? width - 6 : 0;
        const std::size_t at = shift * 32 + (nanoseconds >> shift);
        return at < kCount ? at : kCount - 1;
    }
    /// The smallest value that falls in bucket `at`.
    static std::uint64_t lower(std::size_t at) noexcept { return at == 0 ? 0 : upper(at - 1) + 1; }
    /// The largest value that falls in bucket `at`.
    static std::uint64_t upper(std::size_t at) noexcept {
        const std::size_t shift = at < 64 ? 0 : at / 32 - 1;
        return ((at - shift * 32 + 1) << shift) - 1;
    }

    void record(Duration duration) noexcept {
        const auto nanoseconds = static_cast<std::uint64_t>(duration.count() > 0 ? duration.count() : 0);
        counts[index(nanoseconds)].add();
        sum_ns.add(nanoseconds);
    }

    std::array<Counter, kCount> counts;
    Counter sum_ns;
};

/// One thread's share of the figures. Threads beyond the number of shards share them, which stays exact.
struct alignas(128) MetricsShard {
    static constexpr std::size_t kStatuses = 600; // by status code itself

    std::array<Counter, kStatuses> by_status; ///< answers to requests, pages apart
    Counter pages;
    std::array<Counter, kRejections> rejected;
    std::array<Counter, kDeadlines> deadlines;
    Counter handler_failures;
    LatencyBuckets queue_wait; ///< ready to started
    LatencyBuckets handler;    ///< started to answered

    void answered(http::Status status) noexcept { by_status[static_cast<std::size_t>(status)].add(); }
    void reject(Rejection why) noexcept { rejected[static_cast<std::size_t>(why)].add(); }
    void expired(Deadline deadline) noexcept { deadlines[static_cast<std::size_t>(deadline)].add(); }
};

/// The server's figures: written per thread so that the hot path shares no line, added up when read.
class Metrics {
public:
    explicit Metrics(std::size_t shards)
        : shards_(std::make_unique<MetricsShard[]>(shards)), count_(shards) {}

    MetricsShard& shard(std::size_t thread) noexcept { return shards_[thread % count_]; }

    /// The sum of one counter over all shards: sum([](const MetricsShard& s) { return s.pages.get(); }).
    template <typename Pick>
    std::uint64_t sum(Pick&& pick) const {
        std::uint64_t total = 0;
        for (std::size_t i = 0; i < count_; ++i) total += pick(shards_[i]);
        return total;
    }

private:
    std::unique_ptr<MetricsShard[]> shards_;
    std::size_t count_;
};

} // namespace kvduel::servers
