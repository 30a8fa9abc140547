#include "harness/gate/judge.hpp"

#include "harness/gate/gate_for_test.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace kvduel::gate {

namespace {

struct Gate {
    GateRequest request = two_servers();
    Duellists duellists = make_duellists(request, builds_of(request));

    std::vector<experiment::TrialRecord> trials(double throughput, double tail = 1) const {
        return trials_of(request, duellists, 8, throughput, tail);
    }
    Judged judged(const std::vector<experiment::TrialRecord>& all) const {
        return judge(request, duellists, all, stats::kGateLooks[0]);
    }
};

const GateRow& row_of(const Judged& judged, const char* server, const char* scenario, const char* metric) {
    return *std::ranges::find_if(judged.rows, [&](const GateRow& row) {
        return row.server == server && row.scenario == scenario && row.metric == metric;
    });
}

} // namespace

TEST_CASE("endpoints are the metrics of the tolerances, throughput only where the loop is closed") {
    const Gate gate;
    const Judged judged = gate.judged(gate.trials(1));
    CHECK(judged.rows.size() == 6); // two in hot-get, one in tail-at-load, for two servers
    CHECK(judged.word == stats::GateWord::kPass);
    CHECK(judged.pairs_planned == 32);
    CHECK(judged.pairs_lost == 0);
    for (const GateRow& row : judged.rows) {
        CHECK(row.n == 8);
        CHECK(row.word == RowWord::kNotWorse);
        CHECK(*row.ratio == doctest::Approx(1));
    }
}

TEST_CASE("throughput that falls and a tail that rises are both worse, and the ratio is head over base") {
    const Gate gate;
    const Judged judged = gate.judged(gate.trials(0.9, 1.5));
    CHECK(judged.word == stats::GateWord::kRegression);
    const GateRow& throughput = row_of(judged, "threads", "hot-get", "throughput_rps");
    CHECK(throughput.word == RowWord::kRegression);
    CHECK(*throughput.ratio == doctest::Approx(0.9));
    CHECK(*throughput.lower95 <= *throughput.upper95);
    const GateRow& tail = row_of(judged, "threads", "hot-get", "latency_p99_us");
    CHECK(tail.word == RowWord::kRegression);
    CHECK(*tail.ratio == doctest::Approx(1.5));
    CHECK(row_of(judged, "async", "hot-get", "throughput_rps").word == RowWord::kNotWorse);
}

TEST_CASE("throughput that rises and a tail that falls are no regression") {
    const Gate gate;
    CHECK(gate.judged(gate.trials(1.5, 0.5)).word == stats::GateWord::kPass);
}

TEST_CASE("a tolerance of one scenario holds there alone") {
    Gate gate;
    gate.request.tolerances.rows.push_back({"throughput_rps", "hot-get", 0.3});
    const Judged judged = gate.judged(gate.trials(0.9));
    CHECK(judged.word == stats::GateWord::kPass);
    CHECK(row_of(judged, "threads", "hot-get", "throughput_rps").tolerance == 0.3);
}

TEST_CASE("a pair with an invalid trial is lost, and an endpoint that lost too many is not judged") {
    const Gate gate;
    auto trials = gate.trials(1);
    for (auto& trial : trials)
        if (trial.contender == "async-head" && trial.scenario == "hot-get" && trial.block <= 2)
            trial.verdict = experiment::Verdict::kInvalid;
    const Judged judged = gate.judged(trials);
    CHECK(judged.pairs_lost == 2);
    CHECK(judged.word == stats::GateWord::kOpen);
    CHECK(row_of(judged, "async", "hot-get", "throughput_rps").word == RowWord::kUnjudged);
    CHECK(row_of(judged, "async", "hot-get", "throughput_rps").n == 6);
    CHECK(row_of(judged, "threads", "hot-get", "throughput_rps").word == RowWord::kNotWorse);
}

TEST_CASE("what a trial gains by running first is not head's doing") {
    const Gate gate;
    auto trials = gate.trials(1);
    for (auto& trial : trials)
        if (trial.order_in_block % 2 == 1) trial.throughput_rps = *trial.throughput_rps * 0.8;
    CHECK(gate.judged(trials).word == stats::GateWord::kPass);
}

} // namespace kvduel::gate
