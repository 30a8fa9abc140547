#include "harness/experiment/doctor_trials.hpp"

#include "harness/experiment/trial/check_trial.hpp"
#include "harness/stats/median.hpp"
#include "harness/workload/workloads.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace kvduel::experiment {

namespace {

constexpr double kTrialS = 0.7;
constexpr double kWarmUpS = 0.2;
constexpr double kSaturatedShare = 0.90; ///< as of the check generator_saturated

RunRequest make_request(const std::string& id, std::vector<Contender> contenders, unsigned connections,
                        unsigned repetitions) {
    Parameters cell;
    cell.connections = connections;
    cell.duration_s = kTrialS;
    cell.warmup_s = kWarmUpS;
    cell.workload = *workload::find_workload("get-zipfian");
    RunRequest request;
    request.suite.id = request.suite.title = id;
    request.suite.repetitions = repetitions;
    request.suite.scenarios.push_back({id, id, "", {}, {cell}});
    for (const Contender& contender : contenders) request.suite.contenders.push_back(contender.id);
    request.contenders = std::move(contenders);
    return request;
}

/// Valid, or invalid for a saturated generator alone: that is what a ceiling is.
bool shows_ceiling(const TrialRecord& trial) {
    if (!trial.throughput_rps) return false;
    return std::none_of(trial.warnings.begin(), trial.warnings.end(), [&](const Warning& warning) {
        if (trial.verdict == Verdict::kValid || warning.code == "generator_saturated") return false;
        const auto table = checks();
        const auto row = std::find_if(table.begin(), table.end(),
                                      [&](const Check& check) { return check.code == warning.code; });
        return row == table.end() || row->kind != CheckKind::kWarning;
    });
}

std::string why_invalid(const RunEnd& end) {
    for (const TrialRecord& trial : end.report.trials)
        if (trial.verdict == Verdict::kInvalid && !trial.warnings.empty())
            return trial.warnings.front().code + ": " + trial.warnings.front().message;
    return "no trial ended";
}

struct NoiseMetric {
    const char* name; ///< of the readings
    const char* shown;
    double limit; ///< of the median
    std::optional<double> (*figure)(const TrialRecord&);
};
constexpr std::array<NoiseMetric, 3> kNoiseMetrics{{
    {"rps", "RPS", 0.03, [](const TrialRecord& trial) { return trial.throughput_rps; }},
    {"p99", "P99", 0.12, [](const TrialRecord& trial) { return trial.latency.p99_us; }},
    {"cpu_per_request", "CPU per request", 0.03,
     [](const TrialRecord& trial) { return trial.server.cpu_us_per_request; }},
}};

/// |second / first - 1| of every block in which both trials are valid.
std::vector<double> differences(const std::vector<TrialRecord>& trials, const NoiseMetric& metric) {
    std::vector<double> found;
    for (const TrialRecord& first : trials) {
        if (first.order_in_block != 1) continue;
        for (const TrialRecord& second : trials) {
            if (second.block != first.block || second.order_in_block != 2) continue;
            if (first.verdict == Verdict::kInvalid || second.verdict == Verdict::kInvalid) continue;
            const auto a = metric.figure(first);
            const auto b = metric.figure(second);
            if (a && b && *a > 0) found.push_back(std::abs(*b / *a - 1));
        }
    }
    return found;
}

} // namespace

RunRequest make_ceiling_request(const Contender& floor, unsigned connections) {
    return make_request("ceiling", {floor}, connections, kCeilingTrials);
}

DoctorFinding check_ceiling(const Result<RunEnd>& trials, std::optional<double> planned_rps) {
    const std::vector<std::string> names{"ceiling_rps", "usable_rps", "generator_busy_share", "planned_rps"};
    if (!trials) return not_to_be_had("ceiling", names, message(trials.error()));
    std::vector<double> rates;
    double busy = 0;
    for (const TrialRecord& trial : trials->report.trials) {
        if (!shows_ceiling(trial)) continue;
        rates.push_back(*trial.throughput_rps);
        busy = std::max(busy, trial.generator.cpu_utilization);
    }
    const auto rate = stats::spread_of(rates);
    if (!rate) return not_to_be_had("ceiling", names, why_invalid(*trials));
    const double usable = rate->median * kUsableShare;
    DoctorFinding finding{"ceiling", Fitness::kOk, {}, "", ""};
    finding.values = {
        {names[0], rate->median}, {names[1], usable}, {names[2], busy}, reading(names[3], planned_rps)};
    const char* const limit =
        busy > kSaturatedShare ? "it is the limit" : "kvduel-null is the limit, so at least that";
    finding.message =
        printed("one load thread reaches %.0f requests/s against kvduel-null (busy %.0f %%: %s); "
                "plan no more than 70 %% of it, %.0f",
                rate->median, busy * 100, limit, usable);
    if (!planned_rps) return finding;
    finding.message += printed("; planned %.0f", *planned_rps);
    if (*planned_rps <= usable) return finding;
    finding.verdict = *planned_rps > rate->median ? Fitness::kProblem : Fitness::kWarning;
    finding.remedy = "lower the rate, or give the generator more --load-cpus and --threads";
    return finding;
}

RunRequest make_aa_request(const Contender& server, unsigned connections) {
    Contender first = server;
    Contender second = server;
    first.id += "-a";
    second.id += "-b";
    return make_request("aa", {first, second}, connections, kPairs);
}

DoctorFinding check_aa(const Result<RunEnd>& trials) {
    DoctorFinding finding{"aa_noise", Fitness::kOk, {}, "", ""};
    std::vector<std::string> names{"pairs"};
    for (const NoiseMetric& metric : kNoiseMetrics)
        for (const char* ending : {"_difference_median_ratio", "_difference_max_ratio"})
            names.push_back(metric.name + std::string(ending));
    if (!trials) return not_to_be_had("aa_noise", names, message(trials.error()));
    const std::size_t pairs = differences(trials->report.trials, kNoiseMetrics.front()).size();
    if (pairs == 0) return not_to_be_had("aa_noise", names, why_invalid(*trials));
    finding.values.push_back({names[0], static_cast<double>(pairs)});
    finding.message = printed("one server against itself, %zu pairs, differs by (median, largest)", pairs);
    std::string too_far;
    for (const NoiseMetric& metric : kNoiseMetrics) {
        const auto spread = stats::spread_of(differences(trials->report.trials, metric));
        const std::string name = metric.name;
        finding.values.push_back(
            {name + "_difference_median_ratio", spread ? ReadingValue(spread->median) : ReadingValue()});
        finding.values.push_back(
            {name + "_difference_max_ratio", spread ? ReadingValue(spread->max) : ReadingValue()});
        if (!spread) continue;
        finding.message += printed("%s %s %.1f %%, %.1f %%", &metric == &kNoiseMetrics.front() ? "" : ";",
                                   metric.shown, spread->median * 100, spread->max * 100);
        if (spread->median > metric.limit) too_far.append(too_far.empty() ? "" : ", ").append(metric.shown);
    }
    if (too_far.empty()) return finding;
    finding.verdict = Fitness::kWarning;
    finding.remedy = "quieten the machine, lengthen the trials or add repetitions: smaller differences in " +
                     too_far + " say nothing here";
    return finding;
}

} // namespace kvduel::experiment
