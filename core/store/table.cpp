#include "core/store/table.hpp"

#include <utility>

namespace kvduel::store {

namespace {

std::uint64_t cost(const Key& key, const ValueRef& value) noexcept {
    return key.bytes.size() + value.bytes().size() + kEntryOverheadBytes;
}

} // namespace

ValueRef Table::get(const Key& key) const noexcept {
    const auto found = entries_.find(key);
    return found != entries_.end() ? found->second : ValueRef();
}

PutResult Table::put(const Key& key, ValueRef& value, MemoryBudget& budget) {
    const auto found = entries_.find(key);
    if (found == entries_.end()) return insert(key, value, budget);
    const std::uint64_t before = found->second.bytes().size();
    const std::uint64_t after = value.bytes().size();
    if (after > before && !credit_.try_take(after - before, budget)) return PutResult::kFull;
    if (after < before) credit_.give_back(before - after, budget);
    std::swap(found->second, value);
    return PutResult::kReplaced;
}

PutResult Table::insert(const Key& key, ValueRef& value, MemoryBudget& budget) {
    const std::uint64_t bytes = spare_.needed_for(cost(key, value));
    if (!credit_.try_take(bytes, budget)) return PutResult::kFull;
    try {
        entries_.try_emplace(OwnedKey{make_value(key.bytes), key.hash}, std::move(value));
    } catch (...) { // the map itself is as it was: inserting one element is all or nothing
        credit_.give_back(bytes, budget);
        throw;
    }
    spare_.taken();
    return PutResult::kCreated;
}

ValueRef Table::erase(const Key& key, MemoryBudget& budget) noexcept {
    const auto found = entries_.find(key);
    if (found == entries_.end()) return {};
    credit_.give_back(spare_.released_by(cost(key, found->second), entries_.size() - 1), budget);
    ValueRef value = std::move(found->second);
    entries_.erase(found);
    if (entries_.empty() && spare_.any()) {
        entries_ = {}; // the array goes
        credit_.give_back(spare_.dropped(), budget);
    }
    return value;
}

} // namespace kvduel::store
