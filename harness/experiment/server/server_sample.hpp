#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace kvduel::experiment {

/// What /proc tells of a process at one moment. Absent: not to be had, as the process is gone or not ours.
struct ServerSample {
    std::optional<std::uint64_t> cpu_ns;     ///< by the process's CPU clock: exact, ended threads included
    std::optional<std::uint64_t> user_ticks; ///< these two give the split alone: they count 10 ms steps
    std::optional<std::uint64_t> system_ticks;
    std::optional<std::uint64_t> switches_voluntary; ///< of the threads that live now
    std::optional<std::uint64_t> switches_involuntary;
    std::optional<std::uint64_t> rss_bytes;
    std::optional<std::uint64_t> rss_max_bytes; ///< since the process started
    std::optional<unsigned> threads;
    std::optional<std::uint64_t> start_ticks; ///< when it started; absent too once it has ended
};

/// CPU clock, stat and status, about 20 us: for the window's ends. No switches, which stand with each thread.
ServerSample sample_server(int pid);

/// That and the switches, of every task/*/status: 14 us a thread, so not of a server that tells them itself.
ServerSample sample_server_with_switches(int pid);

/// stat and status alone, without the CPU clock and the switches: for each tick.
ServerSample glance_at_server(int pid);

/// The sum over processes that serve together, as a server with workers of its own does: memory that they
/// share counts for each. What one of them does not tell is absent. Who it is, start_ticks, is the first's.
ServerSample sum_of(ServerSample first, const ServerSample& more);

/// The figures of /proc/PID/status (proc(5)). Pure.
ServerSample parse_status(std::string_view text);

} // namespace kvduel::experiment
