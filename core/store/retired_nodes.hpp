#pragma once

#include "core/store/epochs.hpp"
#include "core/store/snapshot_node.hpp"

#include <cstddef>
#include <cstdint>

namespace kvduel::store {

/// The nodes that one shard has unlinked and some reader may still see, in two batches: an open one that
/// grows, and a closed one that waits for its epoch to pass. Not thread-safe; the shard's lock guards it. Its
/// size is bounded by the memory budget, in which its nodes stay counted.
class RetiredNodes {
public:
    /// How much is retired between two looks at the readers' lines. Without a stalled reader a shard holds at
    /// most twice as much, and one node.
    static constexpr std::size_t kBatchNodes = 64;
    static constexpr std::uint64_t kBatchBytes = 64 * 1024;

    /// `node` was unlinked before the call; its end will give back `cost`. Returns what no reader can see any
    /// more, to be freed unlocked.
    SnapshotNodes add(SnapshotNodePtr node, std::uint64_t cost, Epochs& epochs) noexcept;

    /// All that was added so far will be past when `now`, read after it was unlinked, is. True if there is
    /// any.
    bool close(std::uint64_t now) noexcept;

    /// The closed batch, if it is past.
    SnapshotNodes take_past(std::uint64_t now) noexcept;

private:
    SnapshotNodes open_;
    SnapshotNodes closed_;
    std::uint64_t closed_at_ = 0;
    std::size_t due_nodes_ = kBatchNodes; // of the open batch, for the next look
    std::uint64_t due_bytes_ = kBatchBytes;
};

} // namespace kvduel::store
