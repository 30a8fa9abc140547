#pragma once

#include "harness/experiment/record/report.hpp"
#include "harness/experiment/trial/figures.hpp"
#include "harness/experiment/trial/latency_split.hpp"

#include <cstdint>
#include <string>

namespace kvduel::report {

/// A trial of 1,000 requests in 2 s, 990 of them answered well, slower by `step` us.
inline experiment::TrialRecord sample_trial(const std::string& contender, unsigned block, unsigned step) {
    experiment::TrialRecord trial;
    trial.scenario = "hot-get";
    trial.contender = contender;
    trial.repetition = block;
    trial.block = block;
    trial.order_in_block = contender == "async" ? 1 : 2;
    trial.parameters.workload.name = "get-zipfian";
    trial.server_arguments = {"kvduel-" + contender, "--listen", "127.0.0.1:0"};
    trial.started_at = "2026-03-01T10:15:00.000Z";
    trial.phases.window_s = 0.75;
    trial.duration_s = 2;
    trial.requests = {1'000, 995, 990, 2, 0, 0, {0, 3, 0, 0, 5, 0}};
    trial.sent_all_phases = 1'500;
    trial.completed_all_phases = 1'490;
    trial.connections_opened = 64;
    trial.request_digest = "0123456789abcdef";
    trial.status_counts = {{200, 990}, {404, 5}};
    trial.offered_rps = 500;
    trial.throughput_rps = 495;
    stats::Histogram latency;
    for (unsigned i = 0; i < 993; ++i) latency.record((100 + step + i) * 1'000);
    trial.latency = experiment::make_time_figures(latency);
    trial.service_time = experiment::make_time_figures(latency);
    trial.send_lateness = experiment::make_lateness_figures({});
    trial.intervals = {{0, 1, 500, 3, 600.0, std::nullopt, {{"p99_us", "501 samples, 662 needed"}}},
                       {1, 1, 495, 5, 600.0, std::nullopt, {{"p99_us", "492 samples, 662 needed"}}}};
    trial.server.pid = 99;
    trial.server.cpu_us_per_request = 20.0 + step;
    trial.server.cpu_s = 995e-6 * *trial.server.cpu_us_per_request;
    trial.server.rss_max_bytes = std::uint64_t{8} << 20;
    trial.server.context_switches_per_request = 0.25;
    trial.server.queue_wait = experiment::ServerTimeFigures{
        995, 2.0, 1.5, 2.5, 3.5, std::nullopt, 9.0, {{"p99_9", "995 samples, 6636 needed"}}};
    trial.server.handler = trial.server.queue_wait;
    trial.latency_split = experiment::split_latency(trial.latency, trial.service_time, trial.server);
    trial.server.requests_counted = 1'495;
    trial.server.exit.code = 0;
    trial.generator = {4.5, 0.5};
    trial.network = {65'536, 131'072};
    return trial;
}

/// A small report with invented figures that add up: two contenders, two blocks, one scenario; the last trial
/// is invalid. For tests alone.
inline experiment::RunReport sample_report() {
    experiment::RunReport report;
    report.tool = {"0.1.0", std::string(40, 'a'), false, "Release", "GNU 12.2.0",
                   "-O3",   std::string(64, 'c')};
    report.run.id = "20260301T101500Z-mine";
    report.run.started_at = "2026-03-01T10:15:00.000Z";
    report.run.finished_at = "2026-03-01T10:16:00.000Z";
    report.run.seed = ~std::uint64_t{0};
    report.run.argv = {"kvduel", "run", "mine.json"};
    report.run.trials_planned = 4;
    report.environment.fingerprint = "00112233aabbccdd";
    report.environment.cpu_model = "a CPU";
    report.environment.cpus = 2;
    report.environment.server_cpus = {0};
    report.environment.load_cpus = {1};
    report.environment.doctor = {
        {"noise", experiment::Fitness::kOk, {{"noise_ratio", 0.0015}, {"gaps", 3.0}}, "0.15 %", ""},
        {"clock",
         experiment::Fitness::kWarning,
         {{"clocksource", std::string("hpet")}, {"clock_read_ns", {}}},
         "hpet",
         "boot with clocksource=tsc"}};
    for (const char* id : {"async", "threads"}) {
        experiment::Contender contender;
        contender.id = contender.title = contender.model = id;
        contender.command = {std::string("kvduel-") + id};
        contender.sha256 = std::string(64, 'b');
        report.contenders.push_back(contender);
    }
    report.trials = {sample_trial("async", 1, 0), sample_trial("threads", 1, 50),
                     sample_trial("threads", 2, 60), sample_trial("async", 2, 5)};
    report.trials.back().verdict = experiment::Verdict::kInvalid;
    report.trials.back().warnings = {{"generator_saturated", "busy share 0.98"}};
    report.suite.id = report.suite.title = "mine";
    report.suite.repetitions = 2;
    report.suite.contenders = {"async", "threads"};
    report.suite.scenarios.push_back(
        {"hot-get", "GET of hot keys", "What does a request cost?", {}, {report.trials.front().parameters}});
    return report;
}

} // namespace kvduel::report
