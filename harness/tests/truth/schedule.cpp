#include "harness/tests/truth/schedule.hpp"

#include <algorithm>

namespace truth {

Nanoseconds Schedule::answer_at(std::uint64_t number, Nanoseconds arrival) noexcept {
    if (number == 1) first_stall_ = arrival + timing_.stall_every / 2;
    const bool is_slow = timing_.slow_every > 0 && number % timing_.slow_every == 0;
    Nanoseconds at = arrival + (is_slow ? timing_.slow_delay : timing_.delay);
    if (timing_.service > 0) {
        at = std::max(at, worker_free_) + timing_.service;
        worker_free_ = at;
    }
    return timing_.stall > 0 ? past_stall(at) : at;
}

Nanoseconds Schedule::past_stall(Nanoseconds at) noexcept {
    const Nanoseconds since_first = at - first_stall_;
    if (since_first < 0 || since_first % timing_.stall_every >= timing_.stall) return at;
    const Nanoseconds end = at - since_first % timing_.stall_every + timing_.stall;
    if (end > last_stall_end_) {
        ++stalls_;
        last_stall_end_ = end;
    }
    ++held_;
    return end;
}

} // namespace truth
