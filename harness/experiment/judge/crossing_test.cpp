#include "harness/experiment/judge/crossing.hpp"

#include "harness/experiment/judge/line_duel_for_test.hpp"
#include "harness/experiment/plan/axis.hpp"

#include <doctest/doctest.h>

#include <array>

namespace kvduel::experiment {
namespace {

const std::vector<unsigned> kGrid{4, 16, 64, 256};

/// Alike below `flip` connections, b ahead from there on.
RatiosAt flips_at(unsigned flip) {
    return [flip](const Parameters& cell) { return clearly(cell.connections < flip ? 1.0 : 1.3); };
}

} // namespace

TEST_CASE("a boundary is narrowed to a step of 1.25 around the place where the words change") {
    for (const unsigned flip : {5U, 9U, 17U, 18U, 40U, 64U, 65U, 100U, 256U}) {
        CAPTURE(flip);
        Suite suite = line_suite(kGrid);
        const auto comparisons = refine_by(suite, flips_at(flip));
        const auto found = crossings(suite, comparisons);
        REQUIRE(found.size() == 1);
        const Crossing& strip = found.front();
        CHECK(strip.lower < flip);
        CHECK(strip.upper >= flip);
        CHECK(strip.lower_word == ComparisonVerdict::kEquivalent);
        CHECK(strip.upper_word == ComparisonVerdict::kSecond);
        CHECK((strip.stopped_by == StripEnd::kStep || strip.stopped_by == StripEnd::kInteger));
        CHECK(is_fine(strip.lower, strip.upper) == (strip.stopped_by == StripEnd::kStep));
        CHECK(suite.scenarios[0].inserted <= 3); // a factor of 4 has its roots at 2, 1.41 and 1.19
        CHECK(strip.parameters.connections == strip.lower);
        CHECK(strip.metric == "throughput_rps");
        CHECK(strip.first == "a");
        CHECK(strip.second == "b");
    }
}

TEST_CASE("an undecided middle ends the narrowing and lies in the strip") {
    Suite suite = line_suite(kGrid);
    const auto comparisons = refine_by(suite, [](const Parameters& cell) {
        const bool is_between = cell.connections > 16 && cell.connections < 64;
        return is_between ? unclear() : clearly(cell.connections <= 16 ? 0.8 : 1.25);
    });
    CHECK(suite.scenarios[0].inserted == 1);
    const auto found = crossings(suite, comparisons);
    REQUIRE(found.size() == 1);
    CHECK(found[0].lower == 16);
    CHECK(found[0].upper == 64);
    CHECK(found[0].lower_word == ComparisonVerdict::kFirst);
    CHECK(found[0].stopped_by == StripEnd::kUndecided);
}

TEST_CASE("where all words are alike or neighbours are undecided nothing is inserted") {
    const std::vector<RatiosAt> duels{
        [](const Parameters&) { return clearly(1); }, [](const Parameters&) { return clearly(1.25); },
        [](const Parameters&) { return unclear(); },
        [](const Parameters& cell) {
            return cell.connections == 16 ? unclear() : clearly(cell.connections < 16 ? 1.0 : 1.25);
        }};
    for (const RatiosAt& ratios : duels) {
        Suite suite = line_suite(kGrid);
        refine_by(suite, ratios);
        CHECK(suite.scenarios[0].inserted == 0);
    }
    Suite suite = line_suite(kGrid);
    CHECK(crossings(suite, duel_on(suite, duels[3])).size() == 1); // the strip is there, though not narrowed
    CHECK(crossings(suite, duel_on(suite, duels[1])).empty());
}

TEST_CASE("a scenario that does not ask for it is neither refined nor searched for crossings") {
    Suite suite = line_suite(kGrid);
    suite.scenarios[0].refine.reset();
    CHECK(crossings(suite, refine_by(suite, flips_at(20))).empty());
    CHECK(suite.scenarios[0].inserted == 0);
}

TEST_CASE("a line may change its word several times: a strip each, from the low end up") {
    Suite suite = line_suite({1, 10, 100, 1'000});
    const auto comparisons = refine_by(suite, [](const Parameters& cell) {
        if (cell.connections < 5) return clearly(0.8);
        if (cell.connections < 50) return clearly(1);
        return clearly(cell.connections < 500 ? 1.25 : 0.8);
    });
    CHECK(suite.scenarios[0].inserted == kMostInsertedPerLine);
    const auto found = crossings(suite, comparisons);
    REQUIRE(found.size() == 3);
    const std::array<std::uint64_t, 3> changes{5, 50, 500};
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(found[i].lower < changes[i]);
        CHECK(found[i].upper >= changes[i]);
        CHECK((is_fine(found[i].lower, found[i].upper) || found[i].stopped_by == StripEnd::kBound));
    }
    CHECK(found[2].upper_word == ComparisonVerdict::kFirst);
}

TEST_CASE("a run inserts no more cells than its bound, and says of the strips it left wide why") {
    Suite suite = line_suite({1, 10'000}, 10);
    const auto comparisons = refine_by(suite, flips_at(300));
    CHECK(suite.scenarios[0].inserted == kMostInserted);
    const auto found = crossings(suite, comparisons);
    REQUIRE(found.size() == 10);
    for (const Crossing& strip : found) {
        CHECK(strip.lower < 300);
        CHECK(strip.upper >= 300);
        CHECK(strip.stopped_by == StripEnd::kBound);
    }
}

TEST_CASE("a strip of a run that ended early says so") {
    const Suite suite = line_suite(kGrid);
    const auto found = crossings(suite, duel_on(suite, flips_at(20)));
    REQUIRE(found.size() == 1);
    CHECK(found[0].stopped_by == StripEnd::kUnfinished);
}

TEST_CASE("the wait of a handler is an axis as well, and lines differ by all else") {
    Suite suite = line_suite({8}, 16);
    suite.scenarios[0].refine = Refine{Axis::kWorkWaitUs};
    for (const unsigned line : {16U, 4U, 2U}) { // leaves 1, 4 and 16 ms
        auto& cells = suite.scenarios[0].cells;
        std::erase_if(cells, [&](const Parameters& cell) {
            const auto wait = axis_value(cell, Axis::kWorkWaitUs).value();
            return wait > line * 500 && wait < line * 1'000;
        });
    }
    const auto comparisons = refine_by(suite, [](const Parameters& cell) {
        return clearly(axis_value(cell, Axis::kWorkWaitUs).value() < 3'000 ? 1.3 : 1);
    });
    const auto found = crossings(suite, comparisons);
    REQUIRE(found.size() == 1);
    CHECK(found[0].lower < 3'000);
    CHECK(found[0].upper >= 3'000);
    CHECK(is_fine(found[0].lower, found[0].upper));
}

TEST_CASE("an inserted cell stands behind its neighbours where a reader looks for it") {
    Suite suite = line_suite({16, 64}, 2);
    Scenario& scenario = suite.scenarios[0];
    for (const unsigned connections : {32U, 23U}) { // of the first line, in the order they were inserted
        scenario.cells.push_back(moved_to(scenario.cells[0], Axis::kConnections, connections));
        ++scenario.inserted;
    }
    CHECK(cells_in_order(scenario) == std::vector<std::size_t>{0, 5, 4, 1, 2, 3});
}

} // namespace kvduel::experiment
