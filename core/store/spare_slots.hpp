#pragma once

#include <cstddef>
#include <cstdint>

namespace kvduel::store {

/// The slots that erased entries leave in a table's array, which does not shrink while anything is in it:
/// their share of the cost stays on the table's account, or writes and erasures in turn would take more
/// memory than the limit. Not thread-safe; the table's lock guards it.
class SpareSlots {
public:
    static constexpr std::uint64_t kSlotBytes =
        57; ///< 25 at a load of 0.44, the lowest of the tables (table.hpp)
    static constexpr std::size_t kFree =
        1'024; ///< slots of a table that nobody accounts for when they are empty

    /// What of an entry's `cost` its erasure gives back, with `keys` left.
    std::uint64_t released_by(std::uint64_t cost, std::size_t keys) noexcept {
        if (keys + slots_ < kFree) return cost;
        ++slots_;
        return cost - kSlotBytes;
    }

    /// What a new entry of `cost` must find in the budget; taken() when it did.
    std::uint64_t needed_for(std::uint64_t cost) const noexcept { return any() ? cost - kSlotBytes : cost; }
    void taken() noexcept {
        if (any()) --slots_;
    }

    bool any() const noexcept { return slots_ != 0; }

    /// The array is gone; gives what may be given back.
    std::uint64_t dropped() noexcept {
        const std::uint64_t bytes = slots_ * kSlotBytes;
        slots_ = 0;
        return bytes;
    }

private:
    std::size_t slots_ = 0;
};

} // namespace kvduel::store
