#pragma once

#include "core/support/clock.hpp"

#include <vector>

namespace kvduel::load {

// What a thread of the generator asks of the system for itself.

/// CPU time of the calling thread.
Duration thread_cpu_time() noexcept;

/// Gives the calling thread a table of descriptors of its own, with 0 to 2 alone in it.
///
/// While threads share a table of descriptors, each system call counts its file up and down again, with
/// locked instructions: 1 to 3 % of a request (docs/decisions/0009). Before Linux 5.9 the table stays
/// shared, and all is well.
void own_descriptors() noexcept;

/// The calling thread may run on all of `cpus`, as far as they are to be had.
void run_on(const std::vector<int>& cpus) noexcept;

/// The calling thread runs only where no other wants to (SCHED_IDLE) and gives way at once.
void give_way() noexcept;

} // namespace kvduel::load
