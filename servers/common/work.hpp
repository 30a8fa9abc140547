#pragma once

#include "core/support/error.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string_view>

namespace kvduel::servers {

/// `N` or `N@P%`: so many microseconds of simulated work for every request, or for a share of them.
struct WorkShare {
    std::chrono::microseconds amount{};
    double share = 1.0; ///< of the requests, in (0, 1]

    bool any() const noexcept { return amount.count() > 0; }
};

/// Reads `N` or `N@P%`: N whole microseconds up to 60 s, P in (0, 100]. The error's `what` says what is
/// allowed.
Result<WorkShare> parse_work_share(std::string_view flag, std::string_view text);

/// What one request costs beside the store: `cpu` is burnt, `wait` stands for a downstream call.
struct WorkOrder {
    std::chrono::microseconds cpu{};
    std::chrono::microseconds wait{};
};

/// Deals out the simulated work. Which requests bear a share is a hash of the request's number, so the
/// pattern has no period that a client could fall in step with, and both servers draw the same one. Any
/// thread may call.
class Work {
public:
    Work(WorkShare cpu, WorkShare wait) noexcept : cpu_(cpu), wait_(wait) {}

    bool any() const noexcept { return cpu_.any() || wait_.any(); }
    bool computes() const noexcept { return cpu_.any(); }

    /// The order for the next request.
    WorkOrder next() noexcept;

private:
    WorkShare cpu_;
    WorkShare wait_;
    std::atomic<std::uint64_t> number_{0}; ///< relaxed: a ticket counter, orders nothing
};

/// Spends this much of the calling thread's own CPU time: by the wall clock a preempted thread would burn
/// less.
void burn_cpu(std::chrono::microseconds amount) noexcept;

/// Blocks the calling thread for this long, through signals.
void block_for(std::chrono::microseconds amount) noexcept;

/// Lets this thread's timed waits end on time: the kernel's default slack of 50 us would bias
/// `--work-wait-us` against the server that sleeps in the kernel (timers of the other are exact).
void use_exact_timers() noexcept;

} // namespace kvduel::servers
