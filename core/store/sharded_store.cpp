#include "core/store/sharded_store.hpp"

#include "core/store/table.hpp"
#include "core/support/mutex.hpp"

#include <algorithm>
#include <bit>
#include <vector>

namespace kvduel::store {

namespace {

constexpr std::uint64_t kMinShards = 64;
constexpr std::uint64_t kMaxShards = 65'536;

class ShardedStore final : public Store {
public:
    explicit ShardedStore(const StoreOptions& options)
        : seed_(options.seed), budget_(options.memory_limit_bytes, shard_count(options.threads)),
          shards_(shard_count(options.threads)) {}

    Key key(std::string_view bytes) const noexcept override { return make_key(bytes, seed_); }

    ValueRef get(const Key& key) const noexcept override {
        return shard(key).with_lock([&](const Table& table) { return table.get(key); });
    }

    PutResult put(const Key& key, ValueRef value) override {
        // `value` outlives the lock, so the replaced value that it then holds is freed without it.
        return shard(key).with_lock([&](Table& table) { return table.put(key, value, budget_); });
    }

    bool erase(const Key& key) noexcept override {
        const ValueRef erased = shard(key).with_lock([&](Table& table) { return table.erase(key, budget_); });
        return static_cast<bool>(erased);
    }

    Usage usage() const noexcept override {
        Usage sum{0, 0, budget_.limit()};
        for (Shard& shard : shards_)
            shard.table.with_lock([&](const Table& table) {
                sum.keys += table.keys();
                sum.bytes += table.bytes();
            });
        return sum;
    }

private:
    struct alignas(128) Shard { // lines are fetched in pairs
        Guarded<Table> table;
    };

    Guarded<Table>& shard(const Key& key) const noexcept {
        return shards_[shard_index(key.hash, shards_.size())].table;
    }

    const HashSeed seed_;
    MemoryBudget budget_;
    mutable std::vector<Shard> shards_;
};

} // namespace

std::size_t shard_count(unsigned threads) noexcept {
    return std::bit_ceil(std::clamp(std::uint64_t{4} * threads, kMinShards, kMaxShards));
}

std::unique_ptr<Store> make_sharded_store(const StoreOptions& options) {
    return std::make_unique<ShardedStore>(options);
}

} // namespace kvduel::store
