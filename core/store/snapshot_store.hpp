#pragma once

#include "core/store/snapshot_table.hpp"
#include "core/store/store.hpp"
#include "core/support/mutex.hpp"

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace kvduel::store {

/// Shards as of `sharded` for the writers; reads take no lock (Epochs). See docs/decisions/0011.
///
/// - A read that finds no free line among Epochs::kProbes takes its shard's lock instead. The lines are as
/// many
///   as the shards, at most kMaxLines, and serve any number of threads: a read holds one while it looks, not
///   its thread while it lives.
/// - What is replaced or erased counts as used until it is freed, so that the memory limit bounds it. A put
/// that
///   lacks room waits until the readers of that moment have gone, frees what they saw and tries again;
///   erase() never waits. So does a put that doubles its shard's table, for the old array. Beyond the limit
///   lies at most the one value that each such put has just replaced in a full store.
/// - Replacing allocates, for a new node; get() and erase() allocate nothing.
class SnapshotStore final : public Store {
public:
    static constexpr std::size_t kMaxLines = 1'024;

    explicit SnapshotStore(const StoreOptions& options);

    Key key(std::string_view bytes) const noexcept override { return make_key(bytes, seed_); }
    ValueRef get(const Key& key) const noexcept override;
    PutResult put(const Key& key, ValueRef value) override;
    bool erase(const Key& key) noexcept override;

    /// Frees first what it may, without waiting. Bytes hold what a reader still keeps from being freed.
    Usage usage() const noexcept override;

    /// What get() does around its look. Who holds one stalls all that waits for readers.
    Epochs::Section read_section() const noexcept { return shared_.epochs.try_enter(); }

private:
    struct alignas(128) Shard {
        SnapshotTable table; // its writing half needs the mutex
        Mutex mutex;
    };
    Shard& shard(const Key& key) const noexcept;
    PutResult try_put(Shard& shard, SnapshotNodePtr& node, SnapshotTable::Room room);
    bool close_retired() const noexcept;
    void reclaim() noexcept;

    const HashSeed seed_;
    mutable SnapshotTable::Shared shared_;
    mutable std::vector<Shard> shards_;
};

std::unique_ptr<Store> make_snapshot_store(const StoreOptions& options);

} // namespace kvduel::store
