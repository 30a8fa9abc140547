#include "harness/experiment/doctor_trials.hpp"

#include "harness/experiment/doctor/doctor_loopback.hpp"

#include <doctest/doctest.h>

namespace kvduel::experiment {
namespace {

TrialRecord trial(unsigned block, unsigned order, double rps, double p99_us = 100, double cpu_us = 5) {
    TrialRecord record;
    record.block = block;
    record.order_in_block = order;
    record.throughput_rps = rps;
    record.latency.p99_us = p99_us;
    record.server.cpu_us_per_request = cpu_us;
    record.generator.cpu_utilization = 0.97;
    return record;
}

TrialRecord invalid(TrialRecord record, const char* code) {
    record.verdict = Verdict::kInvalid;
    record.warnings.push_back({code, "in words"});
    return record;
}

Result<RunEnd> ended(std::vector<TrialRecord> trials) {
    RunEnd end;
    end.report.trials = std::move(trials);
    return end;
}

/// Three pairs of which the second of each is off by `share` in every figure.
Result<RunEnd> pairs_off_by(double share) {
    std::vector<TrialRecord> trials;
    for (unsigned block = 1; block <= 3; ++block) {
        trials.push_back(trial(block, 1, 1'000));
        trials.push_back(trial(block, 2, 1'000 * (1 + share), 100 * (1 + share), 5 * (1 + share)));
    }
    return ended(std::move(trials));
}

const Result<RunEnd> kNoRun = Error{ErrorKind::kUnavailable, "contender \"null\"", "not found", ""};

} // namespace

TEST_CASE("the ceiling is the median rate of the trials whose only fault is a saturated generator") {
    const auto trials = ended({invalid(trial(1, 1, 100'000), "generator_saturated"), trial(2, 1, 90'000),
                               invalid(trial(3, 1, 5), "server_died"), trial(4, 1, 110'000)});
    const DoctorFinding finding = check_ceiling(trials, std::nullopt);
    CHECK(finding.verdict == Fitness::kOk);
    CHECK(number_of({finding}, "ceiling", "ceiling_rps") == 100'000.0);
    CHECK(*number_of({finding}, "ceiling", "usable_rps") == doctest::Approx(70'000));
    CHECK_FALSE(number_of({finding}, "ceiling", "planned_rps"));
}

TEST_CASE("a plan over 70 % of the ceiling is warned of, 70 % is not, over all of it is a problem") {
    const auto trials = ended({trial(1, 1, 100'000)});
    CHECK(check_ceiling(trials, 69'999.0).verdict == Fitness::kOk);
    CHECK(check_ceiling(trials, 70'001.0).verdict == Fitness::kWarning);
    CHECK(check_ceiling(trials, 100'001.0).verdict == Fitness::kProblem);
}

TEST_CASE("without its server or a sound trial the ceiling is not to be had, and why") {
    CHECK(check_ceiling(kNoRun, 1.0).message == "not to be had: contender \"null\": not found");
    CHECK(check_ceiling(ended({invalid(trial(1, 1, 9), "server_died")}), 1.0).message ==
          "not to be had: server_died: in words");
    CHECK(check_aa(kNoRun).message == "not to be had: contender \"null\": not found");
    CHECK(check_aa(ended({})).message == "not to be had: no trial ended");
}

TEST_CASE("a server that differs from itself by over 3 % is warned of, by under 3 % not") {
    const DoctorFinding off = check_aa(pairs_off_by(0.031));
    CHECK(off.verdict == Fitness::kWarning);
    CHECK(off.remedy.ends_with("smaller differences in RPS, CPU per request say nothing here"));
    CHECK(*number_of({off}, "aa_noise", "rps_difference_median_ratio") == doctest::Approx(0.031));
    CHECK(*number_of({off}, "aa_noise", "p99_difference_max_ratio") == doctest::Approx(0.031));
    CHECK(check_aa(pairs_off_by(-0.029)).verdict == Fitness::kOk);
    CHECK(check_aa(pairs_off_by(0.121)).remedy.find("P99") != std::string::npos);
}

TEST_CASE("a pair with an invalid trial does not count") {
    const DoctorFinding finding = check_aa(ended({trial(1, 1, 1'000), trial(1, 2, 1'010), trial(2, 1, 1'000),
                                                  invalid(trial(2, 2, 9'000), "errors_high")}));
    CHECK(number_of({finding}, "aa_noise", "pairs") == 1.0);
    CHECK(finding.verdict == Fitness::kOk);
}

TEST_CASE("the trials of the checks are short, of one cell, and A/A meets one server under two names") {
    Contender server;
    server.id = "async";
    const RunRequest ceiling = make_ceiling_request(server, 9);
    CHECK(ceiling.suite.scenarios.at(0).cells.at(0).connections == 9);
    CHECK(ceiling.suite.repetitions == kCeilingTrials);
    const RunRequest aa = make_aa_request(server, 9);
    REQUIRE(aa.contenders.size() == 2);
    CHECK(aa.contenders[0].id == "async-a");
    CHECK(aa.contenders[1].id == "async-b");
    CHECK(aa.suite.repetitions == kPairs);
}

TEST_CASE("round trips over loopback can be measured, and what they lack is said") {
    const auto measured = measure_round_trips(std::nullopt, std::nullopt);
    REQUIRE(measured);
    CHECK(measured->count() > 0);
    CHECK(check_loopback(measured).verdict == Fitness::kOk);
    CHECK(check_loopback(Error{ErrorKind::kUnavailable, "127.0.0.1", "listen: no", ""}).message ==
          "not to be had: 127.0.0.1: listen: no");
    CHECK(check_loopback(stats::Histogram{}).verdict == Fitness::kNote);
}

} // namespace kvduel::experiment
