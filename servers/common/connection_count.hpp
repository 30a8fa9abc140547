#pragma once

#include "core/support/unique_fd.hpp"

#include <atomic>
#include <cstdint>

namespace kvduel::servers {

/// The open connections, under their cap, and the signal that the last one has gone. Any thread may call.
class ConnectionCount {
public:
    explicit ConnectionCount(std::uint32_t limit);

    /// Takes a place; false at the limit. Exact.
    bool try_open() noexcept;
    void closed() noexcept;

    /// From now on, when no connection is open, the descriptor reads.
    void watch_for_none() noexcept;
    int none_fd() const noexcept { return none_.get(); }

    std::uint32_t open() const noexcept { return open_.load(std::memory_order_relaxed); }
    std::uint64_t accepted() const noexcept { return accepted_.load(std::memory_order_relaxed); }
    std::uint32_t limit() const noexcept { return limit_; }

private:
    void signal_none() noexcept;

    const std::uint32_t limit_;
    UniqueFd none_;
    std::atomic<std::uint32_t> open_{0};
    std::atomic<std::uint64_t> accepted_{0};
    std::atomic<bool> is_watched_{false};
};

/// A place under the cap for the length of a scope.
class ConnectionPlace {
public:
    explicit ConnectionPlace(ConnectionCount& count) noexcept : count_(&count) {}
    ConnectionPlace(ConnectionPlace&& other) noexcept : count_(other.count_) { other.count_ = nullptr; }
    ConnectionPlace& operator=(ConnectionPlace&&) = delete;
    /// Leaves the place to somebody who will hold it anew: the next ConnectionPlace of the same count.
    void hand_over() noexcept { count_ = nullptr; }
    ~ConnectionPlace() {
        if (count_ != nullptr) count_->closed();
    }

private:
    ConnectionCount* count_;
};

} // namespace kvduel::servers
