#pragma once

#include "core/store/memory_budget.hpp"
#include "core/store/spare_slots.hpp"
#include "core/store/store.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace kvduel::store {

/// What an entry costs beside its key's and value's bytes: the slot (24 bytes, one of metadata) at the loads
/// a doubling table has (0.44 to 0.88), two block headers, malloc's headers and rounding; of the
/// snapshot store 16 to 32 bytes of slots, a node of 28 and one block header. Held against the RSS of all
/// stores by memory_test.cpp.
inline constexpr std::uint64_t kEntryOverheadBytes = 96;

/// The map of a store, or of one shard of it, and its account. Not thread-safe: its owner locks. Nothing here
/// frees a value: what put() and erase() displace goes to the caller, who frees it after unlocking.
class Table {
public:
    ValueRef get(const Key& key) const noexcept;

    /// On kReplaced `value` holds the value that stood before. Throws std::bad_alloc, having changed nothing.
    PutResult put(const Key& key, ValueRef& value, MemoryBudget& budget);

    /// What stood there, or nothing.
    ValueRef erase(const Key& key, MemoryBudget& budget) noexcept;

    std::uint64_t keys() const noexcept { return entries_.size(); }
    std::uint64_t bytes() const noexcept { return credit_.used(); }

private:
    /// Keeps the hash, so that growth reads no key's bytes.
    struct OwnedKey {
        ValueRef block;
        std::uint64_t hash;
    };
    static std::string_view bytes_of(const OwnedKey& key) noexcept { return key.block.bytes(); }
    static std::string_view bytes_of(const Key& key) noexcept { return key.bytes; }

    struct CarriedHash {
        using is_transparent = void;
        using is_avalanching = std::true_type; // XXH3 spreads already: the map need not mix again
        std::size_t operator()(const OwnedKey& key) const noexcept { return key.hash; }
        std::size_t operator()(const Key& key) const noexcept { return key.hash; }
    };
    struct SameBytes {
        using is_transparent = void;
        template <typename Left, typename Right>
        bool operator()(const Left& left, const Right& right) const noexcept {
            return left.hash == right.hash && bytes_of(left) == bytes_of(right);
        }
    };

    PutResult insert(const Key& key, ValueRef& value, MemoryBudget& budget);

    boost::unordered_flat_map<OwnedKey, ValueRef, CarriedHash, SameBytes> entries_;
    MemoryCredit credit_;
    SpareSlots spare_;
};

} // namespace kvduel::store
