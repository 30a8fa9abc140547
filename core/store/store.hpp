#pragma once

#include "core/store/key.hpp"
#include "core/store/value.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace kvduel::store {

enum class PutResult : std::uint8_t {
    kCreated,
    kReplaced,
    kFull, ///< over the memory limit: nothing changed, the old value stands
};

struct Usage {
    std::uint64_t keys = 0;
    std::uint64_t bytes = 0; ///< keys, values, the constant per entry, and slots that erased ones left
    std::uint64_t limit_bytes = 0;
};

/// The map behind both servers. Any thread may call anything at any time; no call blocks on another's I/O,
/// and no lock is held when a call returns. Each operation is linearizable per key. put() throws
/// std::bad_alloc and then changes nothing. A new key may find its table full: then the table doubles, under
/// the lock, and the others who want that lock wait (store_bench shows how long; sharding divides it). A
/// table's array does not shrink while anything is in it, and stays on the account (spare_slots.hpp).
class Store {
public:
    virtual ~Store() = default;

    /// Hashes `bytes` with this store's seed.
    virtual Key key(std::string_view bytes) const noexcept = 0;

    /// The value as of now, or nothing. Takes a count, copies no byte, allocates nothing.
    virtual ValueRef get(const Key& key) const noexcept = 0;

    /// Makes `value`, which must hold something, the key's value. The one it replaces is freed after the
    /// lock.
    virtual PutResult put(const Key& key, ValueRef value) = 0;

    /// True if the key was there.
    virtual bool erase(const Key& key) noexcept = 0;

    /// Sums that are exact when nobody writes.
    virtual Usage usage() const noexcept = 0;
};

struct StoreOptions {
    std::uint64_t memory_limit_bytes = std::uint64_t{1} << 30;
    unsigned threads = 1; ///< how many threads will call: sizes the shards
    HashSeed seed;
};

/// A row of the table of stores: a new store is one file plus one row in stores.cpp.
struct StoreKind {
    std::string_view name;
    std::unique_ptr<Store> (*make)(const StoreOptions&);
};

/// The table, in the order of store_names().
std::span<const StoreKind> stores() noexcept;

/// Null when no store bears that name.
const StoreKind* find_store(std::string_view name) noexcept;

/// "mutex, sharded, snapshot": for messages and --help.
std::string_view store_names() noexcept;

} // namespace kvduel::store
