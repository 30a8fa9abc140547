#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

namespace kvduel::load {

/// Knows for every key the oldest version that a read sent now may still see: its floor.
///
/// Writes that overlap form a group, for nobody knows their order; when all of a group are answered, the
/// floor becomes the group's first version. A write without an answer may be carried out at any time, so its
/// group never ends and the floor stays: stale values may then pass, but none is ever called stale that is
/// not.
///
/// A key is written by its owner alone, thread `key mod threads`; any thread may ask for its floor.
class WriteLedger {
public:
    /// For a workload that never writes give no keys: every floor is then 0.
    WriteLedger(std::uint64_t keys, std::uint64_t threads);

    std::uint64_t floor(std::uint64_t key) const noexcept;

    /// The version to write, 1 at first (0 is the preload's). Called by the key's owner.
    std::uint64_t begin_write(std::uint64_t key) noexcept;

    /// The write was answered; `stored`: with success. Called by the key's owner.
    void end_write(std::uint64_t key, bool stored) noexcept;

    /// A write of this key may be carried out at any time: its floor stays. Called by the key's owner.
    void hold(std::uint64_t key) noexcept;

private:
    struct Writes {
        std::uint64_t last_version = 0;
        std::uint64_t group_first = 0;
        std::uint32_t unanswered = 0;
        bool any_stored = false;
    };
    /// Apart by owner, so that threads do not share the lines they write.
    struct Owned {
        std::vector<Writes> writes;
        std::vector<std::atomic<std::uint64_t>> floors; ///< released by the owner, acquired by readers
    };

    std::vector<Owned> owners_;
};

} // namespace kvduel::load
