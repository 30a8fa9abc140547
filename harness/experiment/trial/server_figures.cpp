#include "harness/experiment/trial/server_figures.hpp"

#include "harness/experiment/text/number_text.hpp"
#include "harness/experiment/trial/check_limits.hpp"
#include "harness/experiment/trial/figures.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>

namespace kvduel::experiment {

namespace {

/// after - before; absent if either is, or the counter went back (threads that ended took theirs along).
std::optional<std::uint64_t> grown(const std::optional<std::uint64_t>& before,
                                   const std::optional<std::uint64_t>& after) {
    if (!before || !after || *after < *before) return std::nullopt;
    return *after - *before;
}

std::optional<double> per_request(double amount, std::uint64_t requests) {
    if (requests == 0) return std::nullopt;
    return amount / static_cast<double>(requests);
}

void set_cpu(const ServerSample& before, const ServerSample& after, std::uint64_t requests,
             ServerFigures& figures) {
    const auto cpu_ns = grown(before.cpu_ns, after.cpu_ns);
    if (!cpu_ns) return;
    figures.cpu_s = static_cast<double>(*cpu_ns) / 1e9;
    figures.cpu_us_per_request = per_request(static_cast<double>(*cpu_ns) / 1e3, requests);
    const auto user = grown(before.user_ticks, after.user_ticks);
    const auto system = grown(before.system_ticks, after.system_ticks);
    if (!user || !system || *user + *system == 0) return;
    // The ticks count 10 ms steps: they split the exact sum, they do not make it.
    const double user_share = static_cast<double>(*user) / static_cast<double>(*user + *system);
    figures.cpu_user_s = *figures.cpu_s * user_share;
    figures.cpu_system_s = *figures.cpu_s - *figures.cpu_user_s;
}

void set_switches(const WindowEnd& begin, const WindowEnd& end, std::uint64_t requests,
                  ServerFigures& figures) {
    figures.context_switches_voluntary =
        grown(begin.server.switches_voluntary, end.server.switches_voluntary);
    figures.context_switches_involuntary =
        grown(begin.server.switches_involuntary, end.server.switches_involuntary);
    if (begin.stats && end.stats) {
        const auto voluntary =
            grown(begin.stats->context_switches_voluntary, end.stats->context_switches_voluntary);
        const auto involuntary =
            grown(begin.stats->context_switches_involuntary, end.stats->context_switches_involuntary);
        if (voluntary && involuntary && end.stats->requests_total >= begin.stats->requests_total) {
            figures.context_switches_voluntary = voluntary;
            figures.context_switches_involuntary = involuntary;
            requests = end.stats->requests_total - begin.stats->requests_total;
        }
    }
    if (figures.context_switches_voluntary && figures.context_switches_involuntary)
        figures.context_switches_per_request = per_request(
            static_cast<double>(*figures.context_switches_voluntary + *figures.context_switches_involuntary),
            requests);
}

std::optional<ServerTimeFigures> window_of(const std::optional<ServerHistogram>& before,
                                           const std::optional<ServerHistogram>& after) {
    if (!before || !after) return std::nullopt;
    return make_server_time_figures(subtract(*after, *before));
}

/// A server that is not ours to look at may tell its CPU time itself.
void set_cpu_by_page(const ServerStats& before, const ServerStats& after, std::uint64_t requests,
                     ServerFigures& figures) {
    if (!before.cpu_user_s || !before.cpu_system_s || !after.cpu_user_s || !after.cpu_system_s) return;
    figures.cpu_user_s = *after.cpu_user_s - *before.cpu_user_s;
    figures.cpu_system_s = *after.cpu_system_s - *before.cpu_system_s;
    figures.cpu_s = *figures.cpu_user_s + *figures.cpu_system_s;
    figures.cpu_us_per_request = per_request(*figures.cpu_s * 1e6, requests);
}

} // namespace

std::string slip_of(const WindowEnd& begin, const WindowEnd& end, const load::LoadResult& load) {
    if (!load.window) return {};
    const auto miss_s = [](const WindowEnd& look, TimePoint at) {
        return std::abs(look.clocks.monotonic_s -
                        std::chrono::duration<double>(at.time_since_epoch()).count());
    };
    const double slip_s = std::max(miss_s(begin, load.window->first), miss_s(end, load.window->second));
    if (slip_s <= std::max(limits::kMaxSampleSlipS, limits::kMaxSampleSlip * load.duration_s)) return {};
    return "an end of the window was seen " + number_text(slip_s * 1e3) + " ms from where it was";
}

void forget_cpu(WindowEnd& look) {
    look.server.cpu_ns.reset();
    look.server.switches_voluntary.reset();
    look.server.switches_involuntary.reset();
    if (!look.stats) return;
    look.stats->cpu_user_s.reset();
    look.stats->cpu_system_s.reset();
}

std::uint64_t ended_in_window(const load::LoadResult& load) {
    if (load.intervals.empty()) return load.requests.completed;
    std::uint64_t ended = 0;
    for (const load::Interval& interval : load.intervals) ended += interval.completed;
    return ended;
}

ServerFigures make_server_figures(const WindowEnd& begin, const WindowEnd& end,
                                  const load::LoadResult& load) {
    ServerFigures figures;
    const std::uint64_t requests = ended_in_window(load);
    set_cpu(begin.server, end.server, requests, figures);
    if (!figures.cpu_s && begin.stats && end.stats)
        set_cpu_by_page(*begin.stats, *end.stats, requests, figures);
    set_switches(begin, end, requests, figures);
    figures.rss_end_bytes = end.server.rss_bytes;
    if (begin.stats && end.stats) {
        figures.queue_wait = window_of(begin.stats->queue_wait, end.stats->queue_wait);
        figures.handler = window_of(begin.stats->handler, end.stats->handler);
    }
    return figures;
}

} // namespace kvduel::experiment
