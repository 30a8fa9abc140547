#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace kvduel::stats {

/// Counts durations in HdrHistogram's log-linear buckets: nanoseconds, 1 ns to 1 h, 3 significant digits.
/// Exact below 2,048 ns, then within 0.1 %. Not thread-safe; each load thread has its own and they are
/// merged.
///
/// Memory comes by octave (8 KiB) as values arrive, so a histogram of one second of a steady load costs
/// little; reserve() takes all of it (264 KiB) at once, after which record() never allocates. Layout:
/// HdrHistogram_c, hdr_histogram.c, with lowest 1, highest 3.6e12, digits 3.
class Histogram {
public:
    static constexpr std::uint64_t kLowest = 1;
    static constexpr std::uint64_t kHighest = 3'600'000'000'000; ///< one hour in ns
    static constexpr std::uint64_t kDigits = 3;
    static constexpr std::size_t kCountersPerOctave = 1'024;
    static constexpr std::size_t kOctaves = 33;
    static constexpr std::size_t kCounters = kOctaves * kCountersPerOctave;

    Histogram() = default;
    Histogram(Histogram&&) noexcept = default;
    Histogram& operator=(Histogram&&) noexcept = default;
    Histogram(const Histogram& other) { merge(other); }
    Histogram& operator=(const Histogram& other);

    /// A value over kHighest goes to the last counter and is counted as saturated; nothing is refused.
    void record(std::uint64_t value_ns) noexcept { record(value_ns, 1); }
    /// The same value `times` times.
    void record(std::uint64_t value_ns, std::uint64_t times) noexcept {
        if (times == 0) return;
        count_ += times;
        sum_ += static_cast<Uint128>(value_ns) * times;
        min_ = value_ns < min_ ? value_ns : min_;
        max_ = value_ns > max_ ? value_ns : max_;
        const std::size_t index = value_ns > kHighest ? saturate(times) : index_of(value_ns);
        Octave* octave = octaves_[index / kCountersPerOctave].get();
        if (octave == nullptr) [[unlikely]]
            octave = &add_octave(index / kCountersPerOctave);
        (*octave)[index % kCountersPerOctave] += times;
    }

    /// Adds all of `other`; what was recorded in two places reads as if recorded in one.
    void merge(const Histogram& other);
    void reserve();
    /// Forgets every value and keeps the memory.
    void clear() noexcept;

    std::uint64_t count() const noexcept { return count_; }
    std::uint64_t saturated() const noexcept { return saturated_; }
    /// The smallest and largest value as recorded, not bucket edges; 0 when empty.
    std::uint64_t min() const noexcept { return count_ == 0 ? 0 : min_; }
    std::uint64_t max() const noexcept { return max_; }
    /// From the exact 128-bit sum; 0 when empty.
    double mean() const noexcept;
    /// The exact sum, rounded to a double (ns).
    double sum() const noexcept { return static_cast<double>(sum_); }

    /// The highest value of the first bucket whose running count reaches max(1, ceil(q N)), as HdrHistogram's
    /// Java does; 0 when empty. `q` is 0 to 1.
    std::uint64_t quantile(double q) const noexcept;

    std::uint64_t counter(std::size_t index) const noexcept {
        const Octave* octave = octaves_[index / kCountersPerOctave].get();
        return octave == nullptr ? 0 : (*octave)[index % kCountersPerOctave];
    }

    /// HdrHistogram's V2 encoding before compression (cookie 1c849313): header of 40 bytes, then the
    /// counters.
    std::string encode_v2_uncompressed() const;

    static constexpr std::size_t index_of(std::uint64_t value) noexcept {
        const auto bucket = static_cast<std::size_t>(64 - std::countl_zero(value | 2'047) - 11);
        return ((bucket + 1) << 10) + static_cast<std::size_t>(value >> bucket) - kCountersPerOctave;
    }
    static constexpr std::uint64_t lowest_value_of(std::size_t index) noexcept {
        return index < 2 * kCountersPerOctave ? index : (index % 1'024 + 1'024) << (index / 1'024 - 1);
    }
    static constexpr std::uint64_t highest_value_of(std::size_t index) noexcept {
        return index < 2 * kCountersPerOctave
                   ? index
                   : lowest_value_of(index) + (std::uint64_t{1} << (index / 1'024 - 1)) - 1;
    }

private:
    using Octave = std::array<std::uint64_t, kCountersPerOctave>;
    __extension__ using Uint128 = unsigned __int128;

    std::size_t saturate(std::uint64_t times) noexcept {
        saturated_ += times;
        return kCounters - 1;
    }
    Octave& add_octave(std::size_t octave);

    std::array<std::unique_ptr<Octave>, kOctaves> octaves_;
    Uint128 sum_ = 0;
    std::uint64_t count_ = 0;
    std::uint64_t saturated_ = 0;
    std::uint64_t min_ = ~std::uint64_t{0};
    std::uint64_t max_ = 0;
};

} // namespace kvduel::stats
