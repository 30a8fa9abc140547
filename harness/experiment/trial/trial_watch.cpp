#include "harness/experiment/trial/trial_watch.hpp"

#include "harness/experiment/machine/proc_children.hpp"
#include "harness/experiment/server/server_identity.hpp"
#include "harness/experiment/server/tcp_client.hpp"

#include <time.h>

#include <algorithm>
#include <utility>

namespace kvduel::experiment {

namespace {

double read_clock(clockid_t clock) {
    timespec now{};
    ::clock_gettime(clock, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double seconds_between(TimePoint from, TimePoint to) {
    return std::chrono::duration<double>(to - from).count();
}

template <typename T>
void raise(std::optional<T>& highest, const std::optional<T>& value) {
    if (value) highest = std::max(highest.value_or(*value), *value);
}

/// Where the time of a phase is kept.
std::optional<double>* place_of(PhaseTimes& times, load::Phase phase) {
    switch (phase) {
    case load::Phase::kPreload: return &times.preload_s;
    case load::Phase::kConnect: return &times.connect_s;
    case load::Phase::kWarmUp: return &times.warmup_s;
    case load::Phase::kWindow: return &times.window_s;
    case load::Phase::kDrain: return &times.drain_s;
    case load::Phase::kDone: return nullptr;
    }
    return nullptr;
}

} // namespace

Clocks read_clocks() {
    constexpr double kCloseEnoughS =
        20e-6; // a switch to another thread between two reads would look like drift
    constexpr int kAttempts = 20;
    Clocks clocks;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        clocks.monotonic_s = read_clock(CLOCK_MONOTONIC);
        clocks.wall_s = read_clock(CLOCK_REALTIME);
        clocks.boot_s = read_clock(CLOCK_BOOTTIME);
        if (read_clock(CLOCK_MONOTONIC) - clocks.monotonic_s < kCloseEnoughS) break;
    }
    return clocks;
}

std::optional<ServerStats> fetch_stats(const load::Target& target, const JsonReaders& readers,
                                       Duration limit) {
    const Result<std::string> page = fetch_page(target, "/-/stats", Clock::now() + limit);
    if (!page) return std::nullopt;
    Result<ServerStats> stats = readers.stats(*page);
    if (!stats) return std::nullopt;
    return *std::move(stats);
}

TrialWatch::TrialWatch(Watched watched, const JsonReaders& readers, const MachineReader& machine,
                       const Waits& waits, const std::atomic<bool>& user_stop,
                       std::function<void(const load::Live&)> live, TimePoint began)
    : watched_(std::move(watched)), readers_(readers), machine_(machine), waits_(waits),
      user_stop_(user_stop), live_(std::move(live)), began_(began) {
    stop_.store(user_stop_.load(std::memory_order_relaxed), std::memory_order_relaxed);
    if (watched_.pid) announced_ = glance_at_server(*watched_.pid);
}

void TrialWatch::phase(load::Phase phase) {
    last_phase_ = phase;
    if (auto* place = place_of(times_, phase)) *place = seconds_between(began_, Clock::now());
    last_tick_.reset(); // our own looks between phases are not a stall
    // Before the window, for it takes a while.
    if (phase == load::Phase::kConnect || phase == load::Phase::kWarmUp) find_processes();
    if (phase == load::Phase::kWindow) begin_ = look();
    if (phase == load::Phase::kDrain) {
        end_ = look();
        const std::vector<int> had = below_;
        find_processes();
        have_processes_changed_ = below_ != had;
    }
    check_server();
}

void TrialWatch::tick(const load::Live& live) {
    const TimePoint now = Clock::now();
    if (last_phase_ == load::Phase::kWindow && last_tick_)
        raise(longest_gap_s_, std::optional(seconds_between(*last_tick_, now)));
    last_tick_ = now;
    if (watched_.pid) {
        const ServerSample sample = sum_over_processes(glance_at_server);
        keep_maxima(sample);
        check_process(sample);
    }
    check_server();
    if (live_) live_(live);
}

/// The sample first: it is what the window's ends are for. The page may take its time.
WindowEnd TrialWatch::look() {
    WindowEnd end;
    end.clocks = read_clocks();
    // A file a thread would be read inside the window: 30 ms beside a thread per connection, none beside a
    // loop.
    const bool tells_switches = watched_.stats && watched_.stats->context_switches_voluntary;
    if (watched_.pid)
        end.server = sum_over_processes(tells_switches ? sample_server : sample_server_with_switches);
    end.machine = machine_(watched_.pid);
    keep_maxima(end.server);
    check_process(end.server);
    if (!watched_.stats) return end;
    end.stats = fetch_stats(watched_.target, readers_, waits_.window_stats);
    if (end.stats && server_change_.empty()) server_change_ = page_change(*watched_.stats, *end.stats);
    return end;
}

void TrialWatch::find_processes() {
    if (watched_.pid) below_ = descendants_of(*watched_.pid);
}

ServerSample TrialWatch::sum_over_processes(ServerSample (*of)(int pid)) const {
    ServerSample sum = of(*watched_.pid);
    for (const int pid : below_) sum = sum_of(sum, of(pid));
    return sum;
}

void TrialWatch::keep_maxima(const ServerSample& sample) {
    raise(rss_max_bytes_, sample.rss_max_bytes);
    raise(threads_max_, sample.threads);
}

void TrialWatch::check_process(const ServerSample& sample) {
    if (watched_.pid && server_change_.empty())
        server_change_ = process_change(*watched_.pid, announced_, sample);
}

void TrialWatch::check_server() {
    if (watched_.process != nullptr) {
        watched_.process->drain_output();
        has_server_died_ = has_server_died_ || watched_.process->has_ended();
    }
    if (has_server_died_ || !server_change_.empty() || user_stop_.load(std::memory_order_relaxed))
        stop_.store(true, std::memory_order_relaxed);
}

} // namespace kvduel::experiment
