#pragma once

#include "core/store/snapshot_node.hpp"

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

namespace kvduel::store {

/// Where a shard's nodes are found: a power of two of atomic pointers in one heap block, probed from a hash's
/// home onwards. Owns no node.
class SnapshotSlots {
public:
    using Slot = std::atomic<const SnapshotNode*>;
    static constexpr std::size_t kLeast = 8;

    struct Free {
        void operator()(SnapshotSlots* slots) const noexcept { ::operator delete(slots); }
    };
    using Ptr = std::unique_ptr<SnapshotSlots, Free>;

    /// `capacity`, a power of two from kLeast up, all of them null. Throws std::bad_alloc.
    static Ptr make(std::size_t capacity) {
        void* memory = ::operator new(sizeof(SnapshotSlots) + capacity * sizeof(Slot));
        auto* slots = new (memory) SnapshotSlots(capacity);
        std::uninitialized_value_construct_n(slots->first(), capacity);
        return Ptr(slots);
    }

    std::size_t capacity() const noexcept { return mask_ + 1; }

    /// By the hash's highest bits: shard_index() takes others.
    std::size_t home(std::uint64_t hash) const noexcept { return hash >> shift_; }
    std::size_t after(std::size_t at) const noexcept { return (at + 1) & mask_; }
    std::size_t before(std::size_t at) const noexcept { return (at - 1) & mask_; }

    Slot& operator[](std::size_t at) noexcept { return first()[at]; }
    const Slot& operator[](std::size_t at) const noexcept { return const_cast<SnapshotSlots&>(*this)[at]; }

private:
    explicit SnapshotSlots(std::size_t capacity) noexcept
        : mask_(capacity - 1), shift_(64 - std::countr_zero(capacity)) {}
    Slot* first() noexcept { return reinterpret_cast<Slot*>(this + 1); }

    const std::size_t mask_;
    const int shift_;
};
static_assert(std::is_trivially_destructible_v<SnapshotSlots::Slot>);

} // namespace kvduel::store
