#include "harness/stats/gate_rule.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace kvduel::stats {
namespace {

constexpr GateLook kFirstLook = kGateLooks[0];
const double kEightPercent = std::log(1.08);

/// An endpoint whose head runs first in every odd block.
GateEndpoint endpoint_of(const std::vector<double>& worse_by, double tolerance = kEightPercent) {
    GateEndpoint endpoint;
    endpoint.tolerance = tolerance;
    for (std::size_t b = 0; b < worse_by.size(); ++b)
        endpoint.by_block.emplace_back(GatePair{worse_by[b], b % 2 == 0});
    return endpoint;
}

GateFinding only(const GateEndpoint& endpoint, const GateLook& look = kFirstLook) {
    return judge_gate(std::vector{endpoint}, look).endpoints.front();
}

} // namespace

TEST_CASE("eight blocks that are all a tenth worse are a regression, with the least p there is") {
    const GateEndpoint endpoint = endpoint_of(std::vector<double>(8, 0.1));
    const GateJudgement judgement = judge_gate(std::vector{endpoint}, kFirstLook);
    CHECK(judgement.word == GateWord::kRegression);
    const GateFinding& finding = judgement.endpoints[0];
    CHECK(finding.n == 8);
    CHECK(finding.centre == doctest::Approx(0.1));
    CHECK(finding.p == doctest::Approx(1.0 / 256));
    // 0.1 + t(0.98, 6) sqrt(1e-6 / 8), t = 2.612
    CHECK(*finding.at_worst == doctest::Approx(0.1 + 2.612 * std::sqrt(1e-6 / 8)).epsilon(1e-4));
}

TEST_CASE("by hand: 1, 2, ... 8 hundredths") {
    // Balanced places: odd blocks 0.01 0.03 0.05 0.07 (head first), even ones 0.02 0.04 0.06 0.08. The
    // place's effect is (0.16 - 0.20) / 8 = -0.005, so all become 0.015, 0.015, 0.035, 0.035, ...; mean
    // 0.045.
    const GateFinding finding = only(endpoint_of({0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08}));
    CHECK(finding.centre == doctest::Approx(0.045));
    // Sum of squares about the mean: 4 (0.03^2 + 0.01^2) = 0.004; variance 0.004 / 6.
    CHECK(*finding.at_worst == doctest::Approx(0.045 + 2.61224 * std::sqrt(0.004 / 6 / 8)).epsilon(1e-4));
    CHECK(finding.p == doctest::Approx(1.0 / 256)); // all of one sign
    CHECK(finding.is_regression);                   // 0.045 is over half of ln 1.08
    CHECK_FALSE(only(endpoint_of({0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08}, 0.1)).is_regression);
}

TEST_CASE("what a trial gains by its place is no difference between the builds") {
    std::vector<double> worse_by;
    for (int b = 0; b < 8; ++b) worse_by.push_back(b % 2 == 0 ? 0.2 : -0.2);
    const GateJudgement judgement = judge_gate(std::vector{endpoint_of(worse_by)}, kFirstLook);
    CHECK(judgement.word == GateWord::kPass);
    CHECK(judgement.endpoints[0].centre == doctest::Approx(0));
}

TEST_CASE("a lost pair makes nothing of head's difference an effect of the place") {
    // Head is 0.1 worse and a place is worth 0.02: 0.12, 0.08, ... The mean over seven is not 0.1, the two
    // orders' means are 0.12 and 0.08 whatever is lost.
    GateEndpoint endpoint = endpoint_of({0.12, 0.08, 0.12, 0.08, 0.12, 0.08, 0.12, 0.08});
    endpoint.by_block[0].reset();
    const GateFinding finding = only(endpoint);
    CHECK(finding.centre == doctest::Approx(0.1).epsilon(1e-9));
    CHECK(*finding.at_worst == doctest::Approx(0.1 + 2.75651 * std::sqrt(1e-6 / 7)).epsilon(1e-4));
}

TEST_CASE("pairs of one order alone say nothing of the place") {
    GateEndpoint endpoint = endpoint_of(std::vector<double>(8, 0.1));
    for (std::size_t b = 0; b < 8; b += 2) endpoint.by_block[b].reset();
    CHECK(only(endpoint, {4, 0.1, 0.02}).centre == doctest::Approx(0.1));
}

TEST_CASE("noise proves nothing: neither worse nor as good") {
    const GateJudgement judgement =
        judge_gate(std::vector{endpoint_of({0.2, -0.3, 0.25, -0.1, 0.3, 0.15, -0.2, -0.25})}, kFirstLook);
    CHECK(judgement.word == GateWord::kOpen);
}

TEST_CASE("a gain, however large and sure, is a pass and never a regression") {
    const GateJudgement judgement =
        judge_gate(std::vector{endpoint_of(std::vector<double>(8, -0.5))}, kFirstLook);
    CHECK(judgement.word == GateWord::kPass);
    CHECK(judgement.endpoints[0].p == doctest::Approx(1.0));
}

TEST_CASE("an endpoint that lost over a fifth of its pairs claims nothing and holds the pass back") {
    GateEndpoint poor = endpoint_of(std::vector<double>(8, 0.5));
    poor.by_block[0].reset();
    CHECK(*only(poor).p == doctest::Approx(2.0 / 256)); // 7 of 8: the sign of the lost block changes nothing
    CHECK_FALSE(only(poor).is_regression);              // and so the first look cannot be sure
    CHECK(only(poor, {8, 0.01, 0.02}).is_regression);
    poor.by_block[1].reset();
    CHECK_FALSE(only(poor).p);
    const std::vector family{endpoint_of(std::vector<double>(8, 0.0)), poor};
    const GateJudgement judgement = judge_gate(family, kFirstLook);
    CHECK(judgement.word == GateWord::kOpen);
    CHECK(judgement.endpoints[0].is_proven);
    CHECK(judgement.endpoints[1].n == 6);
}

TEST_CASE("no endpoints are no pass") {
    CHECK(judge_gate({}, kFirstLook).word == GateWord::kOpen);
}

TEST_CASE("p of a family by its definition, counted again over all sign vectors") {
    const std::vector<std::vector<double>> differences{{0.02, 0.01, -0.005, 0.03, 0.015, 0.0},
                                                       {0.04, -0.02, 0.01, 0.05, -0.03, 0.02},
                                                       {-0.1, 0.2, 0.05, 0.1, 0.0, 0.1}};
    const std::vector<std::size_t> metrics{0, 0, 3};
    std::vector<GateEndpoint> family;
    std::vector<std::vector<double>> x; // without the place's effect
    for (std::size_t e = 0; e < 3; ++e) {
        family.push_back(endpoint_of(differences[e]));
        family.back().metric = metrics[e];
        double slot = 0;
        for (std::size_t b = 0; b < 6; ++b) slot += (b % 2 == 0 ? 1 : -1) * differences[e][b] / 6;
        x.push_back(differences[e]);
        for (std::size_t b = 0; b < 6; ++b) x[e][b] -= (b % 2 == 0 ? 1 : -1) * slot;
    }
    const auto t_under = [&](unsigned signs) {
        std::vector<double> mean(3), variance(3), t(3);
        for (std::size_t e = 0; e < 3; ++e) {
            for (std::size_t b = 0; b < 6; ++b) mean[e] += ((signs >> b & 1) != 0 ? -1 : 1) * x[e][b] / 6;
            for (std::size_t b = 0; b < 6; ++b) {
                const double off = ((signs >> b & 1) != 0 ? -1 : 1) * x[e][b] - mean[e];
                variance[e] += off * off / 4;
            }
            variance[e] = std::max(variance[e], 1e-6);
        }
        for (std::size_t e = 0; e < 3; ++e) {
            const double pool = e == 2 ? variance[2] : (variance[0] + variance[1]) / 2;
            t[e] = mean[e] / std::sqrt((4 * variance[e] + 4 * pool) / 8 / 6);
        }
        return t;
    };
    const std::vector<double> observed = t_under(0);
    const GateJudgement judgement = judge_gate(family, {6, 0.05, 0.05});
    for (std::size_t e = 0; e < 3; ++e) {
        unsigned reached = 0;
        for (unsigned signs = 0; signs < 64; ++signs)
            if (std::ranges::max(t_under(signs)) >= observed[e] - 1e-12) ++reached;
        CHECK(*judgement.endpoints[e].p == doctest::Approx(reached / 64.0));
    }
}

TEST_CASE("sixteen blocks draw their vectors by a fixed seed: the same p every time") {
    std::vector<double> worse_by;
    for (int b = 0; b < 16; ++b) worse_by.push_back(0.01 * ((b * 7) % 5 - 1));
    const GateFinding first = only(endpoint_of(worse_by), kGateLooks[2]);
    CHECK(first.p == only(endpoint_of(worse_by), kGateLooks[2]).p);
    CHECK(*first.p > 0);
}

} // namespace kvduel::stats
