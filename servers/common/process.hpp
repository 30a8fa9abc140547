#pragma once

#include "core/support/error.hpp"
#include "core/support/unique_fd.hpp"

#include <cstdint>
#include <string_view>

namespace kvduel::servers {

/// Makes the process safe to open sockets in: descriptors 0 to 2 exist (else a socket would become stdout and
/// get log lines; stdout that was closed stays unwritable), and SIGPIPE is ignored. First thing in main().
void prepare_process() noexcept;

/// Blocks SIGTERM and SIGINT for this thread and every thread it starts, and gives a descriptor that reads
/// them. Throws std::system_error.
UniqueFd block_stop_signals();

/// Tells the scheduler that this process and all its threads want throughput: a thread that wakes up does not
/// interrupt the one that runs (SCHED_BATCH). For every runtime alike; see docs/decisions/0007. Before any
/// thread starts.
void use_batch_scheduling() noexcept;

/// Raises the soft limit of descriptors to the hard one and returns it.
std::uint64_t raise_descriptor_limit() noexcept;

/// Prints "program: message" on stderr, in one write, and gives the exit code of the error.
int report_failure(std::string_view program, const Error& error) noexcept;

} // namespace kvduel::servers
