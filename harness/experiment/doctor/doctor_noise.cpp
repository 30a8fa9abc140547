#include "harness/experiment/doctor/doctor_noise.hpp"

#include "harness/experiment/machine/pinned_thread.hpp"

#include <algorithm>
#include <cstdio>
#include <thread>

namespace kvduel::experiment {

namespace {

constexpr Duration kLeastGap = std::chrono::microseconds(20); // a timer tick takes less
constexpr std::size_t kMostSpins = 64;
constexpr double kMaxNoiseRatio = 0.005;
constexpr double kMaxStealRatio = 0.01;
constexpr double kMaxPressurePercent = 5;

// The rule of busy_reasons(). Steal and noise are of this moment, so each counts alone: a host that takes a
// tenth, or a program that takes a quarter of a CPU, moves every figure by more than any difference worth
// knowing. Load and pressure are averages of the last minute and 10 s: a build that has just ended shows in
// both, and need not disturb any more. So both must be far over their limits, and the moment must agree: a
// twentieth of a CPU gone.
constexpr double kBusyStealRatio = 0.10;
constexpr double kBusyNoiseRatio = 0.25;
constexpr double kBusyPressurePercent = 40;
constexpr double kBusyLoadPerCpu = 2;
constexpr double kBusyNoiseBesideLoad = 0.05;

constexpr const char* kStopOthers = "stop other programs, or wait, or move to a quieter machine";

double ratio_of(const Spin& spin) {
    return spin.spin_s > 0 ? spin.gap_s / spin.spin_s : 0;
}

} // namespace

Spin spin(Duration length, const NowFunction& now) {
    const TimePoint began = now();
    const TimePoint end = began + length;
    Spin seen;
    Duration gaps{};
    Duration longest{};
    TimePoint last = began;
    while (last < end) {
        const TimePoint next = now();
        const Duration gap = next - last;
        last = next;
        if (gap <= kLeastGap) continue;
        ++seen.gaps;
        gaps += gap;
        longest = std::max(longest, gap);
    }
    seen.spin_s = std::chrono::duration<double>(last - began).count();
    seen.gap_s = std::chrono::duration<double>(gaps).count();
    seen.longest_gap_us = std::chrono::duration<double, std::micro>(longest).count();
    return seen;
}

std::vector<Spin> spin_on(const std::vector<int>& cpus, Duration length) {
    std::vector<Spin> spins(std::min(cpus.size(), kMostSpins));
    std::vector<char> is_done(spins.size(), 0);
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < spins.size(); ++i)
            threads.emplace_back([&, i] {
                if (!pin_this_thread(cpus[i])) return;
                spins[i] = spin(length, [] { return Clock::now(); });
                spins[i].cpu = cpus[i];
                is_done[i] = 1;
            });
    } // joins
    std::vector<Spin> seen;
    for (std::size_t i = 0; i < spins.size(); ++i)
        if (is_done[i] != 0) seen.push_back(spins[i]);
    return seen;
}

DoctorFinding check_noise(const std::vector<Spin>& spins) {
    const std::vector<std::string> names{"noise_ratio", "noisiest_cpu", "gaps", "longest_gap_us", "spin_s"};
    if (spins.empty()) return not_to_be_had("noise", names, "no CPU could be spun on");
    const Spin& worst = *std::max_element(
        spins.begin(), spins.end(), [](const Spin& a, const Spin& b) { return ratio_of(a) < ratio_of(b); });
    const double ratio = ratio_of(worst);
    DoctorFinding finding{"noise", Fitness::kOk, {}, "", ""};
    finding.values = {{names[0], ratio},
                      {names[1], static_cast<double>(worst.cpu)},
                      {names[2], static_cast<double>(worst.gaps)},
                      {names[3], worst.longest_gap_us},
                      {names[4], worst.spin_s}};
    finding.message = printed("%.2f %% of %.1f s taken from a spinning thread on CPU %d (%llu gaps over 20 "
                              "us, the longest %.0f us)",
                              ratio * 100, worst.spin_s, worst.cpu,
                              static_cast<unsigned long long>(worst.gaps), worst.longest_gap_us);
    if (ratio <= kMaxNoiseRatio) return finding;
    finding.verdict = ratio > kBusyNoiseRatio ? Fitness::kProblem : Fitness::kWarning;
    finding.remedy = kStopOthers;
    return finding;
}

DoctorFinding check_steal(std::optional<double> steal_ratio) {
    if (!steal_ratio)
        return not_to_be_had("steal", {"steal_ratio"}, "/proc/stat did not tell, or no tick passed");
    DoctorFinding finding{"steal", Fitness::kOk, {{"steal_ratio", *steal_ratio}}, "", ""};
    finding.message = printed("%.1f %% of the CPU time went to other machines while this one was looked at",
                              *steal_ratio * 100);
    if (*steal_ratio <= kMaxStealRatio) return finding;
    finding.verdict = *steal_ratio > kBusyStealRatio ? Fitness::kProblem : Fitness::kWarning;
    finding.remedy = "wait or move to another machine";
    return finding;
}

DoctorFinding check_load(const FactTree& facts, std::size_t cpus) {
    const auto line = facts.line("/proc/loadavg");
    if (!line) return not_to_be_had("load", {"load_average_1m", "cpus"}, message(line.error()));
    const auto load = facts.number("/proc/loadavg");
    if (!load) return not_to_be_had("load", {"load_average_1m", "cpus"}, "\"" + *line + "\" is not a load");
    const auto count = static_cast<double>(cpus);
    DoctorFinding finding{"load", Fitness::kOk, {{"load_average_1m", *load}, {"cpus", count}}, "", ""};
    finding.message = printed("%.2f over the last minute for %zu CPU%s", *load, cpus, cpus == 1 ? "" : "s");
    if (*load <= count / 2) return finding;
    finding.verdict = *load > count * kBusyLoadPerCpu ? Fitness::kProblem : Fitness::kWarning;
    finding.remedy = kStopOthers;
    return finding;
}

DoctorFinding check_pressure(const FactTree& facts) {
    const std::string path = "/proc/pressure/cpu";
    const std::string name = "some_avg10_percent";
    const auto line = facts.line(path);
    if (!line) return not_to_be_had("pressure", {name}, message(line.error()));
    double percent = 0;
    if (std::sscanf(line->c_str(), "some avg10=%lf", &percent) != 1)
        return not_to_be_had("pressure", {name}, path + ": \"" + *line + "\" is not understood");
    DoctorFinding finding{"pressure", Fitness::kOk, {{name, percent}}, "", ""};
    finding.message = printed("for %.1f %% of the last 10 s something waited for a CPU", percent);
    if (percent <= kMaxPressurePercent) return finding;
    finding.verdict = percent > kBusyPressurePercent ? Fitness::kProblem : Fitness::kWarning;
    finding.remedy = kStopOthers;
    return finding;
}

std::vector<std::string> busy_reasons(const std::vector<DoctorFinding>& findings) {
    std::vector<std::string> reasons;
    const double steal = number_of(findings, "steal", "steal_ratio").value_or(0);
    const double noise = number_of(findings, "noise", "noise_ratio").value_or(0);
    const double pressure = number_of(findings, "pressure", "some_avg10_percent").value_or(0);
    const double load = number_of(findings, "load", "load_average_1m").value_or(0);
    const double cpus = number_of(findings, "load", "cpus").value_or(1);
    if (steal > kBusyStealRatio)
        reasons.push_back(printed("steal %.1f %% (limit %.0f %%)", steal * 100, kBusyStealRatio * 100));
    if (noise > kBusyNoiseRatio)
        reasons.push_back(
            printed("noise %.0f %% of a CPU (limit %.0f %%)", noise * 100, kBusyNoiseRatio * 100));
    else if (pressure > kBusyPressurePercent && load > cpus * kBusyLoadPerCpu && noise > kBusyNoiseBesideLoad)
        reasons.push_back(
            printed("CPU pressure %.0f %% and load %.1f on %.0f CPUs (limits %.0f %% and %.0f), and "
                    "noise %.0f %% of a CPU (limit beside them %.0f %%)",
                    pressure, load, cpus, kBusyPressurePercent, cpus * kBusyLoadPerCpu, noise * 100,
                    kBusyNoiseBesideLoad * 100));
    return reasons;
}

} // namespace kvduel::experiment
