#pragma once

#include "core/store/store.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace kvduel::store {

/// A table and a mutex a shard, by the key's hash: threads meet only when their keys do.
std::unique_ptr<Store> make_sharded_store(const StoreOptions& options);

/// A power of two, at least 64 and 4 x threads, at most 65,536 (more threads than Linux runs at 4 a thread).
std::size_t shard_count(unsigned threads) noexcept;

/// The shard of a hash among `shards`. From bit 8 up: a flat map places by the highest bits and tells apart
/// by the lowest eight, and keys that share a shard must differ in both.
inline std::size_t shard_index(std::uint64_t hash, std::size_t shards) noexcept {
    return static_cast<std::size_t>(hash >> 8) & (shards - 1);
}

} // namespace kvduel::store
