#include "harness/load/write_ledger.hpp"

namespace kvduel::load {

WriteLedger::WriteLedger(std::uint64_t keys, std::uint64_t threads) : owners_(keys == 0 ? 0 : threads) {
    for (Owned& owned : owners_) {
        const std::uint64_t share = keys / threads + 1;
        owned.writes.resize(share);
        owned.floors = std::vector<std::atomic<std::uint64_t>>(share);
    }
}

std::uint64_t WriteLedger::floor(std::uint64_t key) const noexcept {
    if (owners_.empty()) return 0;
    return owners_[key % owners_.size()].floors[key / owners_.size()].load(std::memory_order_acquire);
}

std::uint64_t WriteLedger::begin_write(std::uint64_t key) noexcept {
    Writes& writes = owners_[key % owners_.size()].writes[key / owners_.size()];
    ++writes.last_version;
    if (writes.unanswered++ == 0) {
        writes.group_first = writes.last_version;
        writes.any_stored = false;
    }
    return writes.last_version;
}

void WriteLedger::hold(std::uint64_t key) noexcept {
    if (!owners_.empty()) ++owners_[key % owners_.size()].writes[key / owners_.size()].unanswered;
}

void WriteLedger::end_write(std::uint64_t key, bool stored) noexcept {
    Owned& owned = owners_[key % owners_.size()];
    Writes& writes = owned.writes[key / owners_.size()];
    writes.any_stored |= stored;
    if (--writes.unanswered == 0 && writes.any_stored)
        owned.floors[key / owners_.size()].store(writes.group_first, std::memory_order_release);
}

} // namespace kvduel::load
