#include "core/store/snapshot_table.hpp"

#include <utility>

namespace kvduel::store {

namespace {

/// Stands where a node was erased and a probe must go on. Equals no key.
const SnapshotNode kErased{};

bool holds(const SnapshotNode& node, std::string_view key, std::uint64_t hash) noexcept {
    return node.hash == hash && &node != &kErased && node.key() == key;
}

/// A writer's own look: the lock that it holds orders it.
const SnapshotNode* peek(const SnapshotSlots& slots, std::size_t at) noexcept {
    return slots[at].load(std::memory_order_relaxed);
}

} // namespace

SnapshotTable::~SnapshotTable() {
    const SnapshotSlots::Ptr slots(slots_.load());
    if (slots == nullptr) return;
    for (std::size_t at = 0; at < slots->capacity(); ++at) {
        const SnapshotNode* node = peek(*slots, at);
        if (node != nullptr && node != &kErased) SnapshotNode::Free()(node);
    }
}

ValueRef SnapshotTable::get(const Key& key) const noexcept {
    const SnapshotSlots* slots = slots_.load(); // seq_cst, as the slots: step 2 of Epochs
    if (slots == nullptr) return {};
    std::size_t at = slots->home(key.hash);
    // Half the slots are null, but writers may move them while we look: one round is the bound, and a key
    // that it did not meet was not there all the while.
    for (std::size_t step = 0; step < slots->capacity(); ++step, at = slots->after(at)) {
        const SnapshotNode* node = (*slots)[at].load();
        if (node == nullptr) return {};
        if (holds(*node, key.bytes, key.hash)) return node->value; // counted in time: the node owns it still
    }
    return {};
}

SnapshotTable::Place SnapshotTable::find(std::string_view key, std::uint64_t hash) const noexcept {
    const SnapshotSlots* slots = slots_.load(std::memory_order_relaxed);
    if (slots == nullptr) return {};
    std::size_t at = slots->home(hash);
    std::size_t first_erased = slots->capacity();
    for (const SnapshotNode* node; (node = peek(*slots, at)) != nullptr; at = slots->after(at)) {
        if (holds(*node, key, hash)) return {at, node};
        if (node == &kErased && first_erased == slots->capacity()) first_erased = at;
    }
    return {first_erased != slots->capacity() ? first_erased : at, nullptr};
}

PutResult SnapshotTable::put(SnapshotNodePtr& node, Room room, Shared& shared, Displaced& displaced) {
    const Place place = find(node->key(), node->hash);
    return place.node != nullptr ? replace(place, node, room, shared, displaced)
                                 : insert(place, node, shared, displaced);
}

PutResult SnapshotTable::replace(Place old, SnapshotNodePtr& node, Room room, Shared& shared,
                                 Displaced& displaced) noexcept {
    const std::uint64_t before = room == Room::kForOne ? old.node->cost() : 0;
    const std::uint64_t after = node->cost();
    if (after > before && !credit_.try_take(after - before, shared.budget)) return PutResult::kFull;
    if (after < before) credit_.give_back(before - after, shared.budget);
    (*slots_.load(std::memory_order_relaxed))[old.at].store(node.release());
    if (room == Room::kForOne)
        displaced.recent.push(SnapshotNodePtr(old.node), before);
    else
        retire(old.node, old.node->cost(), shared, displaced);
    return PutResult::kReplaced;
}

PutResult SnapshotTable::insert(Place place, SnapshotNodePtr& node, Shared& shared, Displaced& displaced) {
    const std::uint64_t needed = spare_.needed_for(node->cost());
    if (!credit_.try_take(needed, shared.budget)) return PutResult::kFull;
    const SnapshotSlots* before = slots_.load(std::memory_order_relaxed);
    if (before == nullptr || 2 * (taken_ + 1) > before->capacity()) {
        try {
            grow(displaced);
        } catch (...) {
            credit_.give_back(needed, shared.budget);
            throw;
        }
        place = find(node->key(), node->hash);
    }
    SnapshotSlots& slots = *slots_.load(std::memory_order_relaxed);
    if (peek(slots, place.at) == nullptr) ++taken_;
    spare_.taken();
    ++keys_;
    slots[place.at].store(node.release());
    return PutResult::kCreated;
}

/// Moves the nodes, not their bytes, to an array of twice the size, or of the same if erased marks filled it.
/// Readers go on in the old array, which changes no more.
void SnapshotTable::grow(Displaced& displaced) {
    SnapshotSlots::Ptr old(slots_.load(std::memory_order_relaxed));
    std::size_t capacity = SnapshotSlots::kLeast;
    if (old != nullptr) capacity = old->capacity() * (8 * (keys_ + 1) > 3 * old->capacity() ? 2 : 1);
    SnapshotSlots::Ptr larger;
    try {
        larger = SnapshotSlots::make(capacity);
    } catch (...) {
        (void)old.release(); // it stays the table's
        throw;
    }
    for (std::size_t from = 0; old != nullptr && from < old->capacity(); ++from) {
        const SnapshotNode* node = peek(*old, from);
        if (node == nullptr || node == &kErased) continue;
        std::size_t at = larger->home(node->hash);
        while (peek(*larger, at) != nullptr) at = larger->after(at);
        (*larger)[at].store(node, std::memory_order_relaxed); // the array's own store publishes them all
    }
    taken_ = keys_;
    slots_.store(larger.release());
    displaced.replaced_slots = std::move(old);
}

bool SnapshotTable::erase(const Key& key, Shared& shared, Displaced& displaced) noexcept {
    const Place place = find(key.bytes, key.hash);
    if (place.node == nullptr) return false;
    vacate(place.at);
    --keys_;
    retire(place.node, spare_.released_by(place.node->cost(), keys_), shared, displaced);
    if (keys_ == 0 && spare_.any()) drop_slots(shared, displaced);
    return true;
}

/// Nothing is in the array: readers that go on in it find nothing, as they do without one.
void SnapshotTable::drop_slots(Shared& shared, Displaced& displaced) noexcept {
    displaced.replaced_slots = SnapshotSlots::Ptr(slots_.exchange(nullptr));
    taken_ = 0;
    credit_.give_back(spare_.dropped(), shared.budget);
}

/// A mark where probes must go on; nothing, and no marks before it either, where a probe ends anyway.
void SnapshotTable::vacate(std::size_t at) noexcept {
    SnapshotSlots& slots = *slots_.load(std::memory_order_relaxed);
    if (peek(slots, slots.after(at)) != nullptr) {
        slots[at].store(&kErased);
        return;
    }
    do {
        slots[at].store(nullptr);
        --taken_;
        at = slots.before(at);
    } while (peek(slots, at) == &kErased);
}

void SnapshotTable::retire(const SnapshotNode* node, std::uint64_t cost, Shared& shared,
                           Displaced& displaced) noexcept {
    displaced.past = retired_.add(SnapshotNodePtr(node), cost, shared.epochs);
    credit_.give_back(displaced.past.cost(), shared.budget);
}

SnapshotNodes SnapshotTable::take_past(Shared& shared) noexcept {
    SnapshotNodes past = retired_.take_past(shared.epochs.now());
    credit_.give_back(past.cost(), shared.budget);
    return past;
}

} // namespace kvduel::store
