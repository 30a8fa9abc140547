#include "core/store/mutex_store.hpp"

#include "core/store/table.hpp"
#include "core/support/mutex.hpp"

namespace kvduel::store {

namespace {

class MutexStore final : public Store {
public:
    explicit MutexStore(const StoreOptions& options)
        : seed_(options.seed), budget_(options.memory_limit_bytes, 1) {}

    Key key(std::string_view bytes) const noexcept override { return make_key(bytes, seed_); }

    ValueRef get(const Key& key) const noexcept override {
        return table_.with_lock([&](const Table& table) { return table.get(key); });
    }

    PutResult put(const Key& key, ValueRef value) override {
        // `value` outlives the lock, so the replaced value that it then holds is freed without it.
        return table_.with_lock([&](Table& table) { return table.put(key, value, budget_); });
    }

    bool erase(const Key& key) noexcept override {
        const ValueRef erased = table_.with_lock([&](Table& table) { return table.erase(key, budget_); });
        return static_cast<bool>(erased);
    }

    Usage usage() const noexcept override {
        return table_.with_lock([&](const Table& table) {
            return Usage{table.keys(), table.bytes(), budget_.limit()};
        });
    }

private:
    const HashSeed seed_;
    MemoryBudget budget_;
    mutable Guarded<Table> table_;
};

} // namespace

std::unique_ptr<Store> make_mutex_store(const StoreOptions& options) {
    return std::make_unique<MutexStore>(options);
}

} // namespace kvduel::store
