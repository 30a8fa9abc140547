#pragma once

#include "core/support/mutex.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace kvduel::servers::threads {

struct PooledConnection;

/// The bounded channel between the poller and the workers: a FIFO ring under one mutex, and a stack of parked
/// workers, so that the one that parked last, whose caches are warm, is woken first. A push takes a whole
/// batch, unlocks, and then wakes no more workers than it brought jobs: wake-ups, not the lock, are what a
/// channel costs. A condition variable is not used: it wakes in no such order. Any thread may call.
class JobChannel {
public:
    using Job = PooledConnection*;

    /// Workers are numbered from 0 to `workers` - 1.
    JobChannel(std::size_t capacity, std::size_t workers);

    /// Takes as many of `jobs`, from the front, as there is room for, and gives their number.
    std::size_t push(std::span<const Job> jobs) noexcept;

    /// The oldest job; waits for one. Null when the channel is closed and empty. One thread a worker number.
    Job pop(std::size_t worker) noexcept;

    /// No job will come any more.
    void close() noexcept;

    std::size_t depth() const noexcept;
    std::size_t idle() const noexcept;
    std::size_t capacity() const noexcept { return capacity_; }

private:
    struct alignas(128) Parking {
        std::atomic<std::uint32_t> is_woken{0}; ///< a futex word
    };

    void wake(std::size_t worker) noexcept;

    const std::size_t capacity_;
    const std::size_t ring_size_; ///< the capacity and a job for each worker
    std::unique_ptr<Parking[]> parkings_;
    mutable Mutex mutex_;
    std::vector<Job> ring_ KVDUEL_GUARDED_BY(mutex_);
    std::size_t first_ KVDUEL_GUARDED_BY(mutex_) = 0;
    std::size_t count_ KVDUEL_GUARDED_BY(mutex_) = 0;
    std::size_t idle_ KVDUEL_GUARDED_BY(mutex_) = 0; ///< workers parked, or woken and not here yet
    std::vector<std::size_t> parked_ KVDUEL_GUARDED_BY(mutex_);
    bool is_closed_ KVDUEL_GUARDED_BY(mutex_) = false;
};

} // namespace kvduel::servers::threads
