#include "harness/experiment/judge/compare.hpp"

#include "harness/experiment/judge/duel_for_test.hpp"
#include "harness/experiment/judge/margins.hpp"
#include "harness/experiment/judge/summarise.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

namespace kvduel::experiment {
namespace {

Comparison by_rps(const std::vector<TrialRecord>& trials) {
    return compare(trials, duellists()).at(0);
}

/// Ratios that scatter by about 1 % around `centre`.
std::vector<double> around(double centre, std::size_t blocks) {
    std::vector<double> ratios;
    for (std::size_t i = 0; i < blocks; ++i)
        ratios.push_back(centre * (1 + 0.01 * std::sin(7.0 * static_cast<double>(i + 1))));
    return ratios;
}

} // namespace

TEST_CASE("the figures of a comparison, worked by hand") {
    // Averages of 1.1, 1.2, 1.4 in logarithms: the middle two are those of 1.2 alone and of 1.1 with 1.4.
    const Comparison rps = by_rps(duel({1.2, 1.1, 1.4}));
    CHECK(rps.metric == "throughput_rps");
    CHECK(rps.first == "a");
    CHECK(rps.second == "b");
    CHECK(rps.n == 3);
    CHECK(*rps.ratio_second_over_first == doctest::Approx(std::sqrt(1.2 * std::sqrt(1.1 * 1.4))));
    CHECK(*rps.lower95 == doctest::Approx(0.90603).epsilon(1e-3));
    CHECK(*rps.upper95 == doctest::Approx(1.66211).epsilon(1e-3));
    CHECK(*rps.p_adjusted == doctest::Approx(0.100995).epsilon(1e-3));
    CHECK(rps.verdict == ComparisonVerdict::kUndecided);
    CHECK(rps.margin == 0.03);
}

TEST_CASE("the four words come out of trials, and name the better side whichever way the metric goes") {
    CHECK(by_rps(duel(around(1.2, 8))).verdict == ComparisonVerdict::kSecond);
    CHECK(by_rps(duel(around(0.8, 8))).verdict == ComparisonVerdict::kFirst);
    CHECK(by_rps(duel(around(1.0, 8))).verdict == ComparisonVerdict::kEquivalent);
    CHECK(by_rps(duel({1, 1.2, 0.8, 1.1, 0.9, 1})).verdict == ComparisonVerdict::kUndecided);
    std::vector<TrialRecord> trials = duel(around(1.0, 8));
    for (TrialRecord& trial : trials) trial.server.cpu_us_per_request = trial.contender == "a" ? 5.0 : 6.0;
    const auto all = compare(trials, duellists());
    CHECK(all.at(1).metric == "cpu_us_per_request");
    CHECK(all.at(1).verdict == ComparisonVerdict::kFirst);
}

TEST_CASE("with the contenders the other way round the same words come out, with ratios turned over") {
    const std::vector<TrialRecord> trials = duel(around(1.2, 9));
    std::vector<Contender> turned = duellists();
    std::swap(turned[0], turned[1]);
    const Comparison one = by_rps(trials);
    const Comparison other = compare(trials, turned).at(0);
    CHECK(other.verdict == ComparisonVerdict::kFirst);
    CHECK(*one.ratio_second_over_first * *other.ratio_second_over_first == doctest::Approx(1));
    CHECK(*one.lower95 * *other.upper95 == doctest::Approx(1));
    CHECK(*one.p_adjusted == *other.p_adjusted);
}

TEST_CASE("one and two blocks decide nothing and say how many would be the least") {
    const Comparison two = by_rps(duel({1.5, 1.5}));
    CHECK(two.verdict == ComparisonVerdict::kUndecided);
    CHECK_FALSE(two.lower95);
    CHECK_FALSE(two.p_adjusted);
    CHECK(two.blocks_needed == 3);
    CHECK(two.reasons == std::vector<std::string>{"2 blocks have the figure of both; an interval takes 3"});
    const Comparison one = by_rps(duel({1.5}));
    CHECK(*one.ratio_second_over_first == doctest::Approx(1.5));
    CHECK_FALSE(one.blocks_needed);
}

TEST_CASE("an undecided comparison says how many blocks would decide, always more than it has") {
    const Comparison noisy = by_rps(duel({1, 1.1, 0.9, 1.05, 0.95, 1}));
    REQUIRE(noisy.blocks_needed);
    CHECK(*noisy.blocks_needed > 30);
    CHECK_FALSE(by_rps(duel(around(1.2, 8))).blocks_needed);
}

TEST_CASE("up to a fifth of the pairs may be lost, and with one more nothing is decided") {
    std::vector<TrialRecord> trials = duel(around(1.2, 10));
    for (const std::size_t lost : {0U, 2U}) trials[lost].verdict = Verdict::kInvalid;
    CHECK(by_rps(trials).n == 8);
    CHECK(by_rps(trials).pairs_lost == 2);
    CHECK(by_rps(trials).verdict == ComparisonVerdict::kSecond);
    trials[5].verdict = Verdict::kInvalid;
    CHECK(by_rps(trials).verdict == ComparisonVerdict::kUndecided);
    CHECK(by_rps(trials).reasons.at(0).starts_with("3 of 10 pairs were lost"));
    CHECK_FALSE(by_rps(trials).blocks_needed);
}

TEST_CASE("a metric that no pair has is undecided, without figures and without weight in the family") {
    const auto all = compare(duel(around(1.2, 4)), duellists());
    REQUIRE(all.size() == margins().size());
    CHECK(all[3].n == 0);
    CHECK(all[3].pairs_lost == 4);
    CHECK_FALSE(all[3].ratio_second_over_first);
    CHECK(all[3].reasons == std::vector<std::string>{"no block has the figure of both"});
}

TEST_CASE("a family is all endpoints of a pair in the run: more of them make each p larger") {
    const std::vector<TrialRecord> alone = duel(around(1.05, 4));
    std::vector<TrialRecord> with_more = alone;
    for (unsigned cell = 1; cell <= 9; ++cell)
        for (TrialRecord trial : duel({1.02, 0.98, 1.01, 0.99})) {
            trial.parameters.connections = 64 + cell;
            with_more.push_back(trial);
        }
    CHECK(*by_rps(with_more).p_adjusted == doctest::Approx(10 * *by_rps(alone).p_adjusted));
}

TEST_CASE("rows stand by cell, then by pair of contenders, then by metric") {
    std::vector<TrialRecord> trials;
    std::vector<Contender> contenders = duellists();
    contenders.push_back(contenders[1]);
    contenders[2].id = "c";
    for (const unsigned connections : {64U, 8U})
        for (const char* contender : {"c", "b", "a"}) {
            trials.push_back(duel_trial(contender, 1, 100));
            trials.back().parameters.connections = connections;
        }
    const auto all = compare(trials, contenders);
    REQUIRE(all.size() == 2 * 3 * margins().size());
    CHECK(all[0].parameters.connections == 64);
    CHECK((all[0].first + all[0].second) == "ab");
    CHECK((all[5].first + all[5].second) == "ac");
    CHECK((all[10].first + all[10].second) == "bc");
    CHECK(all[15].parameters.connections == 8);
    CHECK((all[15].first + all[15].second) == "ab");
    CHECK(compare(trials, {}).empty());
}

TEST_CASE("an open loop's throughput is judged only where more is asked than can be done") {
    Parameters cell;
    const Margin throughput = margins().front();
    CHECK(is_judged(throughput, cell));
    CHECK(main_metric(cell) == "throughput_rps");
    cell.loop = Loop::kOpen;
    CHECK_FALSE(is_judged(throughput, cell));
    CHECK(is_judged(margins().back(), cell));
    CHECK(main_metric(cell) == "latency_p99_us");
    cell.load_fraction = 1.0;
    CHECK_FALSE(is_judged(throughput, cell));
    cell.load_fraction = 1.5;
    CHECK(is_judged(throughput, cell));
    cell.load_fraction.reset();
    cell.are_errors_expected = true;
    CHECK(is_judged(throughput, cell));
    cell.load_fraction = 0.5; // then the capacity says what can be done
    CHECK_FALSE(is_judged(throughput, cell));
    CHECK(main_metric(cell) == "latency_p99_us");
}

TEST_CASE("CPU a request is judged only where it is spent on the requests that it is divided by") {
    Parameters cell;
    const Margin cpu = margins()[1];
    REQUIRE(cpu.metric == "cpu_us_per_request");
    CHECK(is_judged(cpu, cell));
    cell.background = {{load::BackgroundKind::kIdle, 10'000}};
    CHECK(is_judged(cpu, cell));
    cell.background.push_back({load::BackgroundKind::kNoise, 64});
    CHECK_FALSE(is_judged(cpu, cell));
    CHECK(is_judged(margins()[3], cell));
    cell.background.clear();
    cell.are_errors_expected = true;
    CHECK_FALSE(is_judged(cpu, cell));
    cell.load_fraction = 1.0;
    CHECK_FALSE(is_judged(cpu, cell));
    cell.load_fraction = 0.9;
    CHECK(is_judged(cpu, cell));
}

TEST_CASE("every judged metric is a metric") {
    for (const Margin& margin : margins())
        CHECK(std::ranges::any_of(metrics(), [&](const Metric& one) { return one.name == margin.metric; }));
}

TEST_CASE("a ratio that depends on who runs earlier bears a warning") {
    std::vector<double> ratios;
    for (unsigned block = 1; block <= 12; ++block)
        ratios.push_back((block % 2 == 0 ? 1.1 : 0.9) * around(1.0, 12)[block - 1]);
    const Comparison rps = by_rps(duel(ratios));
    REQUIRE(rps.warnings.size() == 1);
    CHECK(rps.warnings[0].code == "order_effect");
    CHECK(by_rps(duel(around(1.2, 12))).warnings.empty());
    ratios.resize(5); // fewer than three blocks of one order
    CHECK(by_rps(duel(ratios)).warnings.empty());
}

TEST_CASE("while a run goes on its comparisons are those of its trials so far") {
    RunReport report;
    report.trials = duel(around(1.2, 8));
    report.contenders = duellists();
    CHECK(comparisons_of(report).at(0).verdict == ComparisonVerdict::kSecond);
    report.run.finished_at = "2026-03-01T10:16:00.000Z";
    CHECK(comparisons_of(report).empty());
}

} // namespace kvduel::experiment
