#include "harness/experiment/server/server_sample.hpp"

#include "harness/experiment/machine/proc_file.hpp"

#include <time.h>

#include <string>
#include <vector>

namespace kvduel::experiment {

namespace {

std::string folder_of(int pid) {
    return "/proc/" + std::to_string(pid);
}

std::optional<std::uint64_t> cpu_time_ns(int pid) {
    clockid_t clock{};
    timespec time{};
    if (::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &time) != 0) return std::nullopt;
    return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(time.tv_nsec);
}

void add(std::optional<std::uint64_t>& sum, std::optional<std::uint64_t> part) {
    if (part) sum = sum.value_or(0) + *part;
}

/// /proc/PID/status has the switches of the main thread only, so every thread is asked.
void sum_switches(int pid, ServerSample& sample) {
    const std::string tasks = folder_of(pid) + "/task";
    for (const int thread : numbered_entries(tasks)) {
        const auto text = read_small_file(tasks + "/" + std::to_string(thread) + "/status", 8192);
        if (!text) continue; // it ended just now
        const ServerSample one = parse_status(*text);
        add(sample.switches_voluntary, one.switches_voluntary);
        add(sample.switches_involuntary, one.switches_involuntary);
    }
}

} // namespace

ServerSample sum_of(ServerSample first, const ServerSample& more) {
    const auto sum = [](auto& into, const auto& from) {
        if (into && from)
            *into += *from;
        else
            into.reset();
    };
    sum(first.cpu_ns, more.cpu_ns);
    sum(first.user_ticks, more.user_ticks);
    sum(first.system_ticks, more.system_ticks);
    sum(first.switches_voluntary, more.switches_voluntary);
    sum(first.switches_involuntary, more.switches_involuntary);
    sum(first.rss_bytes, more.rss_bytes);
    sum(first.rss_max_bytes, more.rss_max_bytes);
    sum(first.threads, more.threads);
    return first;
}

ServerSample parse_status(std::string_view text) {
    ServerSample sample;
    const auto kib = [&](std::string_view key) -> std::optional<std::uint64_t> {
        const auto number = number_after(text, key);
        if (!number) return std::nullopt;
        return *number * 1024;
    };
    sample.rss_bytes = kib("VmRSS:");
    sample.rss_max_bytes = kib("VmHWM:");
    if (const auto threads = number_after(text, "Threads:")) sample.threads = static_cast<unsigned>(*threads);
    sample.switches_voluntary = number_after(text, "voluntary_ctxt_switches:");
    sample.switches_involuntary = number_after(text, "nonvoluntary_ctxt_switches:");
    return sample;
}

ServerSample glance_at_server(int pid) {
    const auto status = read_small_file(folder_of(pid) + "/status", 8192);
    ServerSample sample = status ? parse_status(*status) : ServerSample{};
    sample.switches_voluntary.reset(); // of the main thread alone
    sample.switches_involuntary.reset();
    if (const auto stat = read_proc_stat(pid)) {
        sample.user_ticks = stat->user_ticks;
        sample.system_ticks = stat->system_ticks;
        const bool has_ended = stat->state == 'Z' || stat->state == 'X';
        if (!has_ended) sample.start_ticks = stat->start_ticks;
    }
    return sample;
}

ServerSample sample_server(int pid) {
    const std::optional<std::uint64_t> cpu_ns = cpu_time_ns(pid); // first: it is the figure that counts
    ServerSample sample = glance_at_server(pid);
    sample.cpu_ns = cpu_ns;
    return sample;
}

ServerSample sample_server_with_switches(int pid) {
    ServerSample sample = sample_server(pid);
    sum_switches(pid, sample);
    return sample;
}

} // namespace kvduel::experiment
