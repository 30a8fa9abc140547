#pragma once

#include "core/support/clock.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace kvduel::load {

/// When a connection of an open loop was free: the part of a request's wait in which one was is the
/// generator's own doing, the rest the server's. Remembers the last kKept spans; of earlier ones it knows
/// nothing, and takes connections for busy. Takes its memory when made. Not thread-safe.
class FreeTime {
public:
    static constexpr std::size_t kKept = 1'024;

    FreeTime() : spans_(kKept) {}

    /// From `at` on one is free; nothing if one was already.
    void begin(TimePoint at) noexcept {
        if (is_free_) return;
        const Span& last = latest();
        spans_[count_ % kKept] = {std::max(at, last.end), TimePoint::max(), total(last)};
        ++count_;
        is_free_ = true;
    }
    /// From `at` on none is.
    void end(TimePoint at) noexcept {
        if (!std::exchange(is_free_, false)) return;
        Span& last = spans_[(count_ - 1) % kKept];
        last.end = std::max(at, last.begin);
    }

    /// Time has gone back to `now` (OwnClock): a span that began later begins then.
    void rewind(TimePoint now) noexcept {
        if (!is_free_ || latest().begin <= now) return;
        const TimePoint earlier_end = count_ > 1 ? spans_[(count_ - 2) % kKept].end : TimePoint::min();
        spans_[(count_ - 1) % kKept].begin = std::max(now, earlier_end);
    }

    bool was_free(TimePoint at) const noexcept {
        const Span* const span = span_of(at);
        return span != nullptr && at < span->end;
    }
    /// Of the time from `from` to `to`, which is now or was before, that in which one was free.
    Duration between(TimePoint from, TimePoint to) const noexcept { return until(to) - until(from); }

private:
    struct Span {
        TimePoint begin{};
        TimePoint end{};
        Duration before{}; ///< free time of all earlier spans
    };

    const Span& latest() const noexcept { return spans_[(count_ + kKept - 1) % kKept]; }
    static Duration total(const Span& span) noexcept { return span.before + (span.end - span.begin); }
    std::uint64_t oldest() const noexcept { return count_ > kKept ? count_ - kKept : 0; }

    /// The last span that began by `at`; null if that is forgotten, or there was none.
    const Span* span_of(TimePoint at) const noexcept {
        std::uint64_t low = oldest();
        std::uint64_t high = count_;
        if (low == high || spans_[low % kKept].begin > at) return nullptr;
        if (latest().begin <= at) return &latest(); // as for nearly all requests
        while (high - low > 1) {
            const std::uint64_t middle = low + (high - low) / 2;
            (spans_[middle % kKept].begin <= at ? low : high) = middle;
        }
        return &spans_[low % kKept];
    }

    Duration until(TimePoint at) const noexcept {
        if (const Span* const span = span_of(at))
            return span->before + (std::min(at, span->end) - span->begin);
        return count_ == 0 ? Duration::zero() : spans_[oldest() % kKept].before;
    }

    std::vector<Span> spans_; ///< a ring
    std::uint64_t count_ = 0; ///< spans begun
    bool is_free_ = false;
};

} // namespace kvduel::load
