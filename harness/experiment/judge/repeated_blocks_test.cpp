#include "harness/experiment/judge/repeated_blocks.hpp"

#include "harness/experiment/judge/duel_for_test.hpp"

#include <doctest/doctest.h>

namespace kvduel::experiment {

namespace {

/// Makes the first run of b in these blocks invalid for that reason, and gives the cell another run there.
void repeat(std::vector<TrialRecord>& trials, unsigned blocks, const char* code) {
    std::vector<TrialRecord> again;
    for (TrialRecord& trial : trials) {
        if (trial.block > blocks) continue;
        again.push_back(trial);
        again.back().repetition = 2;
        if (trial.contender != "b") continue;
        trial.verdict = Verdict::kInvalid;
        trial.warnings = {{code, "of the first run"}, {"noisy_machine", "stolen"}};
    }
    trials.insert(trials.end(), again.begin(), again.end());
}

} // namespace

TEST_CASE("blocks that stand by a repeat are counted where they may have been selected by a result") {
    std::vector<TrialRecord> trials = duel(std::vector<double>(8, 1.1));
    CHECK(repeated_blocks(trials).empty());
    repeat(trials, 2, "send_late");
    const auto cells = repeated_blocks(trials);
    REQUIRE(cells.size() == 1);
    CHECK(cells[0].example->scenario == "hot-get");
    CHECK(cells[0].repeated == 2);
    CHECK(cells[0].blocks == 8);
    CHECK(cells[0].by_contender == std::map<std::string, unsigned>{{"b", 2}});
}

TEST_CASE("a third contender that is valid in no run hides nothing of the other two") {
    std::vector<TrialRecord> trials = duel(std::vector<double>(8, 1.1));
    repeat(trials, 3, "slices_too_short");
    std::vector<TrialRecord> third;
    for (const TrialRecord& trial : trials) {
        if (trial.contender != "a") continue;
        third.push_back(trial);
        third.back().contender = "c";
        third.back().verdict = Verdict::kInvalid;
        third.back().warnings = {{"generator_saturated", "in every run"}};
    }
    trials.insert(trials.end(), third.begin(), third.end());
    const auto cells = repeated_blocks(trials);
    REQUIRE(cells.size() == 1);
    CHECK(cells[0].repeated == 3);
    CHECK(cells[0].by_contender == std::map<std::string, unsigned>{{"b", 3}});
}

TEST_CASE("a fifth of the blocks, another reason, and a run that nothing followed are no such repeats") {
    std::vector<TrialRecord> few = duel(std::vector<double>(10, 1.1));
    repeat(few, 2, "generator_saturated");
    CHECK(repeated_blocks(few).empty());
    std::vector<TrialRecord> blind = duel(std::vector<double>(8, 1.1));
    repeat(blind, 8, "background_short");
    CHECK(repeated_blocks(blind).empty());
    std::vector<TrialRecord> twice = duel(std::vector<double>(8, 1.1));
    repeat(twice, 8, "send_late");
    for (TrialRecord& trial : twice)
        if (trial.repetition == 2) trial.verdict = Verdict::kInvalid; // then nothing stands
    CHECK(repeated_blocks(twice).empty());
    std::vector<TrialRecord> lost = duel(std::vector<double>(8, 1.1));
    repeat(lost, 8, "offered_rate_missed");
    std::erase_if(lost, [](const TrialRecord& trial) { return trial.repetition == 2; });
    CHECK(repeated_blocks(lost).empty());
}

} // namespace kvduel::experiment
