#include "harness/experiment/doctor/doctor_clock.hpp"

#include "core/support/unique_fd.hpp"
#include "harness/experiment/machine/pinned_thread.hpp"
#include "harness/load/event_wait.hpp"

#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <thread>

namespace kvduel::experiment {

namespace {

constexpr double kMaxClockReadNs = 100;    // two reads a request: 2 % of 10 us
constexpr double kMaxOvershootP99Us = 120; // the open loop wakes so long before a request is due, then polls
constexpr int kBatches = 21;
constexpr int kReadsPerBatch = 1'000;

} // namespace

double measure_clock_read_ns() {
    std::array<double, kBatches> batches{};
    for (double& batch : batches) {
        const TimePoint began = Clock::now();
        TimePoint last = began;
        for (int i = 0; i < kReadsPerBatch; ++i) last = Clock::now();
        batch = std::chrono::duration<double, std::nano>(last - began).count() / kReadsPerBatch;
    }
    std::nth_element(batches.begin(), batches.begin() + kBatches / 2, batches.end());
    return batches[kBatches / 2];
}

DoctorFinding check_clock(const FactTree& facts, double read_ns) {
    const std::string folder = "/sys/devices/system/clocksource/clocksource0/";
    const auto source = facts.line(folder + "current_clocksource");
    const auto others = facts.line(folder + "available_clocksource");
    DoctorFinding finding{"clock", Fitness::kOk, {}, "", ""};
    finding.values = {reading("clocksource", source ? *source : std::string()), {"clock_read_ns", read_ns}};
    finding.message =
        printed("%s, %.1f ns a read", source ? source->c_str() : "source not to be had", read_ns);
    if (read_ns <= kMaxClockReadNs) return finding;
    finding.verdict = Fitness::kWarning;
    const bool is_tsc_there = others && (" " + *others + " ").find(" tsc ") != std::string::npos;
    finding.remedy =
        is_tsc_there && source && *source != "tsc"
            ? "run: echo tsc > " + folder + "current_clocksource"
            : "boot with clocksource=tsc, or use a machine whose clock is read without a system call";
    return finding;
}

stats::Histogram measure_overshoot(unsigned sleeps, const NowFunction& now,
                                   const std::function<void(Duration)>& sleep) {
    stats::Histogram overshoot;
    for (unsigned i = 0; i < sleeps; ++i) {
        const TimePoint due = now() + kSleep;
        sleep(kSleep);
        overshoot.record(static_cast<std::uint64_t>(std::max(now() - due, Duration(1)).count()));
    }
    return overshoot;
}

stats::Histogram measure_overshoot_here(std::optional<int> cpu) {
    stats::Histogram overshoot;
    std::jthread([&] {
        pin_this_thread(cpu);
        load::EventWait::sharpen_timers();
        load::EventWait waiter;
        const UniqueFd epoll(::epoll_create1(EPOLL_CLOEXEC)); // watches nothing
        std::array<epoll_event, 1> events{};
        const auto sleep = [&](Duration length) { waiter.wait(epoll.get(), events, length); };
        if (epoll)
            overshoot = measure_overshoot(
                kSleeps, [] { return Clock::now(); }, sleep);
    }).join();
    return overshoot;
}

DoctorFinding check_timer(const stats::Histogram& overshoot_ns) {
    const std::vector<std::string> names{"sleeps", "overshoot_p50_us", "overshoot_p99_us",
                                         "overshoot_max_us"};
    if (overshoot_ns.count() == 0) return not_to_be_had("timer", names, "no sleep ended");
    const double p50 = static_cast<double>(overshoot_ns.quantile(0.5)) / 1e3;
    const double p99 = static_cast<double>(overshoot_ns.quantile(0.99)) / 1e3;
    const double max = static_cast<double>(overshoot_ns.max()) / 1e3;
    DoctorFinding finding{"timer", Fitness::kOk, {}, "", ""};
    finding.values = {{names[0], static_cast<double>(overshoot_ns.count())},
                      {names[1], p50},
                      {names[2], p99},
                      {names[3], max}};
    finding.message =
        printed("a sleep of 200 us ends late by P50 %.1f us, P99 %.1f us, at most %.0f us", p50, p99, max);
    if (p99 <= kMaxOvershootP99Us) return finding;
    finding.verdict = Fitness::kWarning;
    finding.message += printed("; the open loop wakes %.0f us early", kMaxOvershootP99Us);
    finding.remedy =
        "stop other programs on the load CPUs; until then an open loop sends late (send_lateness_us)";
    return finding;
}

} // namespace kvduel::experiment
