#include "servers/threads/job_channel.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace kvduel::servers::threads {
namespace {

/// Workers woken by one push at the most: no push brings more jobs (kEvents of channel_model.cpp).
constexpr std::size_t kMaxWakes = 128;

long futex(std::atomic<std::uint32_t>& word, int operation, std::uint32_t value) noexcept {
    static_assert(sizeof word == sizeof(std::uint32_t));
    return ::syscall(SYS_futex, &word, operation | FUTEX_PRIVATE_FLAG, value, nullptr, nullptr, 0);
}

} // namespace

JobChannel::JobChannel(std::size_t capacity, std::size_t workers)
    : capacity_(capacity), ring_size_(capacity + workers), parkings_(std::make_unique<Parking[]>(workers)),
      ring_(ring_size_) {
    parked_.reserve(workers); // pop() must not allocate
}

std::size_t JobChannel::push(std::span<const Job> jobs) noexcept {
    std::array<std::size_t, kMaxWakes> woken;
    std::size_t wakes = 0;
    std::size_t taken = 0;
    {
        MutexLock lock(mutex_);
        taken = std::min(jobs.size(), capacity_ + idle_ - count_);
        for (std::size_t i = 0; i < taken; ++i) {
            std::size_t at = first_ + count_++;
            if (at >= ring_size_) at -= ring_size_;
            ring_[at] = jobs[i];
        }
        for (; wakes < std::min(taken, kMaxWakes) && !parked_.empty(); ++wakes) {
            woken[wakes] = parked_.back();
            parked_.pop_back();
        }
    }
    for (std::size_t i = 0; i < wakes; ++i) wake(woken[i]);
    return taken;
}

JobChannel::Job JobChannel::pop(std::size_t worker) noexcept {
    std::atomic<std::uint32_t>& is_woken = parkings_[worker].is_woken;
    for (bool was_idle = false;; was_idle = true) {
        {
            MutexLock lock(mutex_);
            if (was_idle) --idle_;
            if (count_ > 0) {
                const Job job = ring_[first_];
                if (++first_ == ring_size_) first_ = 0;
                --count_;
                return job;
            }
            if (is_closed_) return nullptr;
            is_woken.store(0, std::memory_order_relaxed); // nobody else touches it until we are on the stack
            parked_.push_back(worker);
            ++idle_;
        }
        // Acquire pairs with the release of wake(); what the job holds is ordered by the mutex.
        while (is_woken.load(std::memory_order_acquire) == 0) futex(is_woken, FUTEX_WAIT, 0);
    }
}

void JobChannel::close() noexcept {
    std::vector<std::size_t> woken;
    {
        MutexLock lock(mutex_);
        is_closed_ = true;
        woken.swap(parked_);
    }
    for (const std::size_t worker : woken) wake(worker);
}

void JobChannel::wake(std::size_t worker) noexcept {
    std::atomic<std::uint32_t>& is_woken = parkings_[worker].is_woken;
    is_woken.store(1, std::memory_order_release);
    futex(is_woken, FUTEX_WAKE, 1);
}

std::size_t JobChannel::idle() const noexcept {
    MutexLock lock(mutex_);
    return idle_;
}

std::size_t JobChannel::depth() const noexcept {
    MutexLock lock(mutex_);
    return count_;
}

} // namespace kvduel::servers::threads
