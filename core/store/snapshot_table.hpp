#pragma once

#include "core/store/epochs.hpp"
#include "core/store/memory_budget.hpp"
#include "core/store/retired_nodes.hpp"
#include "core/store/snapshot_node.hpp"
#include "core/store/snapshot_slots.hpp"
#include "core/store/spare_slots.hpp"
#include "core/store/store.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace kvduel::store {

/// One shard of the snapshot store. get() may run at any time inside a read section (or with the owner's
/// lock); all else needs the owner's lock. Linear probing over immutable nodes: a writer changes one pointer
/// at a time, or a whole array of them.
///
/// Each get() is linearizable. A slot changes straight from a node to its successor under the same key, so a
/// key that is there all the while is met where its probe ends; a key that was missed was absent at some
/// moment of the probe. An array that was replaced meanwhile shows the shard as it was at that moment, which
/// lies within the get() that had loaded it.
class SnapshotTable {
public:
    /// What all shards of a store share.
    struct Shared {
        Epochs epochs;
        MemoryBudget budget;
    };

    /// What a write took out, for its caller to free without the lock.
    struct Displaced {
        SnapshotNodes past;                ///< may be freed at once
        SnapshotNodes recent;              ///< may be freed after Epochs::synchronize()
        SnapshotSlots::Ptr replaced_slots; ///< the same
        bool needs_grace() const noexcept { return recent.size() != 0 || replaced_slots != nullptr; }
    };

    /// What a replacement must find in the budget.
    enum class Room : std::uint8_t {
        kForBoth, ///< the new node's cost: the old one is retired and stays counted
        kForOne,  ///< the difference: the old one goes to `recent`, uncounted while its writer waits
    };

    SnapshotTable() noexcept = default;
    SnapshotTable(const SnapshotTable&) = delete;
    ~SnapshotTable(); ///< when no reader is left

    ValueRef get(const Key& key) const noexcept;

    /// Takes `node` unless it returns kFull or throws std::bad_alloc: then nothing has changed.
    PutResult put(SnapshotNodePtr& node, Room room, Shared& shared, Displaced& displaced);
    bool erase(const Key& key, Shared& shared, Displaced& displaced) noexcept;

    /// Readies all retired nodes for take_past(), which has them once `now` is past. True if there are any.
    bool close_retired(std::uint64_t now) noexcept { return retired_.close(now); }
    SnapshotNodes take_past(Shared& shared) noexcept;

    std::uint64_t keys() const noexcept { return keys_; }
    std::uint64_t bytes() const noexcept { return credit_.used(); } ///< with what is retired

private:
    struct Place {
        std::size_t at = 0; ///< where the key's node is, or may go
        const SnapshotNode* node = nullptr;
    };
    Place find(std::string_view key, std::uint64_t hash) const noexcept;

    PutResult replace(Place old, SnapshotNodePtr& node, Room room, Shared& shared,
                      Displaced& displaced) noexcept;
    PutResult insert(Place place, SnapshotNodePtr& node, Shared& shared, Displaced& displaced);
    void grow(Displaced& displaced);
    void vacate(std::size_t at) noexcept;
    void retire(const SnapshotNode* node, std::uint64_t cost, Shared& shared, Displaced& displaced) noexcept;
    void drop_slots(Shared& shared, Displaced& displaced) noexcept;

    alignas(128) std::atomic<SnapshotSlots*> slots_{nullptr}; // apart from what writers write all the time
    alignas(128) std::size_t keys_ = 0;
    std::size_t taken_ = 0; // slots that are not null: nodes and marks of erased ones; at most half of them
    MemoryCredit credit_;
    RetiredNodes retired_;
    SpareSlots spare_;
};

} // namespace kvduel::store
