#pragma once

#include <cstdint>
#include <string_view>

namespace kvduel::store {

/// The seed of a store's key hash. One per process, from getrandom, so that nobody can build colliding keys
/// in advance.
struct HashSeed {
    std::uint64_t value = 0;
};

/// Throws std::system_error if the kernel refuses.
HashSeed make_random_seed();

/// A key to look up, with its hash, taken once per request. Views the caller's bytes; allocates nothing.
struct Key {
    std::string_view bytes;
    std::uint64_t hash = 0;
};

/// Hashes `bytes` by XXH3 (64 bits). Pure.
Key make_key(std::string_view bytes, HashSeed seed) noexcept;

} // namespace kvduel::store
