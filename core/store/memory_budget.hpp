#pragma once

#include <atomic>
#include <cstdint>

namespace kvduel::store {

/// The limit that a store's shards share: one counter of the bytes they have drawn. Any thread may call.
class MemoryBudget {
public:
    static constexpr std::uint64_t kMaxGrain = 64 * 1024;

    /// Idle credit is at most one grain a shard: 64 KiB, or less where that could idle an eighth of the
    /// limit.
    MemoryBudget(std::uint64_t limit_bytes, std::uint64_t shards) noexcept;

    std::uint64_t limit() const noexcept { return limit_; }
    std::uint64_t grain() const noexcept { return grain_; }

    /// False past the limit, and then nothing is drawn.
    bool try_draw(std::uint64_t bytes) noexcept;
    void give_back(std::uint64_t bytes) noexcept;

private:
    const std::uint64_t limit_;
    const std::uint64_t grain_;
    alignas(128) std::atomic<std::uint64_t> drawn_{0}; // orders nothing: the shards' locks do
};

/// One shard's account: it draws from the budget by grains, so that most writes touch no shared line. Not
/// thread-safe; the shard's lock guards it. With a single shard the limit is exact, since its idle credit is
/// its own.
class MemoryCredit {
public:
    /// False past the limit, and then nothing has changed.
    bool try_take(std::uint64_t bytes, MemoryBudget& budget) noexcept;
    void give_back(std::uint64_t bytes, MemoryBudget& budget) noexcept;

    std::uint64_t used() const noexcept { return used_; }
    std::uint64_t idle() const noexcept { return idle_; } ///< drawn and not used: at most one grain

private:
    std::uint64_t used_ = 0;
    std::uint64_t idle_ = 0;
};

} // namespace kvduel::store
