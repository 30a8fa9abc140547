#include "core/store/snapshot_store.hpp"

#include "core/store/sharded_store.hpp"

#include <algorithm>
#include <utility>

namespace kvduel::store {

SnapshotStore::SnapshotStore(const StoreOptions& options)
    : seed_(options.seed), shared_{Epochs(std::min(shard_count(options.threads), kMaxLines)),
                                   MemoryBudget(options.memory_limit_bytes, shard_count(options.threads))},
      shards_(shard_count(options.threads)) {}

SnapshotStore::Shard& SnapshotStore::shard(const Key& key) const noexcept {
    return shards_[shard_index(key.hash, shards_.size())];
}

ValueRef SnapshotStore::get(const Key& key) const noexcept {
    Shard& shard = this->shard(key);
    if (const Epochs::Section section = read_section()) return shard.table.get(key);
    MutexLock lock(shard.mutex); // keeps all that the table holds where it is
    return shard.table.get(key);
}

PutResult SnapshotStore::put(const Key& key, ValueRef value) {
    using Room = SnapshotTable::Room;
    Shard& shard = this->shard(key);
    SnapshotNodePtr node = make_snapshot_node(key, std::move(value));
    PutResult result = try_put(shard, node, Room::kForBoth);
    if (result != PutResult::kFull) return result;
    reclaim();
    result = try_put(shard, node, Room::kForBoth);
    return result != PutResult::kFull ? result : try_put(shard, node, Room::kForOne);
}

PutResult SnapshotStore::try_put(Shard& shard, SnapshotNodePtr& node, SnapshotTable::Room room) {
    SnapshotTable::Displaced displaced; // outlives the lock: its frees need none
    PutResult result;
    {
        MutexLock lock(shard.mutex);
        result = shard.table.put(node, room, shared_, displaced);
    }
    if (displaced.needs_grace()) shared_.epochs.synchronize();
    return result;
}

bool SnapshotStore::erase(const Key& key) noexcept {
    Shard& shard = this->shard(key);
    SnapshotTable::Displaced displaced; // outlives the lock: its frees need none
    bool was_there;
    {
        MutexLock lock(shard.mutex);
        was_there = shard.table.erase(key, shared_, displaced);
    }
    if (displaced.needs_grace()) shared_.epochs.synchronize();
    return was_there;
}

bool SnapshotStore::close_retired() const noexcept {
    bool any = false;
    for (Shard& shard : shards_) {
        MutexLock lock(shard.mutex);
        any = shard.table.close_retired(shared_.epochs.now()) || any;
    }
    return any;
}

void SnapshotStore::reclaim() noexcept {
    if (!close_retired()) return;
    shared_.epochs.synchronize();
    for (Shard& shard : shards_) {
        SnapshotNodes past;
        MutexLock lock(shard.mutex);
        past = shard.table.take_past(shared_);
    }
}

Usage SnapshotStore::usage() const noexcept {
    if (close_retired()) shared_.epochs.try_advance() && shared_.epochs.try_advance();
    Usage sum{0, 0, shared_.budget.limit()};
    for (Shard& shard : shards_) {
        SnapshotNodes past;
        MutexLock lock(shard.mutex);
        past = shard.table.take_past(shared_);
        sum.keys += shard.table.keys();
        sum.bytes += shard.table.bytes();
    }
    return sum;
}

std::unique_ptr<Store> make_snapshot_store(const StoreOptions& options) {
    return std::make_unique<SnapshotStore>(options);
}

} // namespace kvduel::store
