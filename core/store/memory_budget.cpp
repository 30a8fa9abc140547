#include "core/store/memory_budget.hpp"

#include <algorithm>

namespace kvduel::store {

MemoryBudget::MemoryBudget(std::uint64_t limit_bytes, std::uint64_t shards) noexcept
    : limit_(limit_bytes), grain_(std::clamp<std::uint64_t>(limit_bytes / (8 * shards), 1, kMaxGrain)) {}

bool MemoryBudget::try_draw(std::uint64_t bytes) noexcept {
    std::uint64_t drawn = drawn_.load(std::memory_order_relaxed);
    do {
        if (bytes > limit_ - drawn) return false;
    } while (!drawn_.compare_exchange_weak(drawn, drawn + bytes, std::memory_order_relaxed));
    return true;
}

void MemoryBudget::give_back(std::uint64_t bytes) noexcept {
    drawn_.fetch_sub(bytes, std::memory_order_relaxed);
}

bool MemoryCredit::try_take(std::uint64_t bytes, MemoryBudget& budget) noexcept {
    if (bytes > idle_) {
        const std::uint64_t missing = bytes - idle_;
        // Near the limit a whole grain may be too much where the bytes themselves still fit.
        if (budget.try_draw(missing + budget.grain()))
            idle_ += missing + budget.grain();
        else if (budget.try_draw(missing))
            idle_ += missing;
        else
            return false;
    }
    idle_ -= bytes;
    used_ += bytes;
    return true;
}

void MemoryCredit::give_back(std::uint64_t bytes, MemoryBudget& budget) noexcept {
    used_ -= bytes;
    idle_ += bytes;
    if (idle_ <= budget.grain()) return;
    // Half a grain stays, so that a key written and erased in turn does not go to the budget each time.
    const std::uint64_t surplus = idle_ - budget.grain() / 2;
    idle_ -= surplus;
    budget.give_back(surplus);
}

} // namespace kvduel::store
