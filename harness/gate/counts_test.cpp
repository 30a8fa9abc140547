#include "harness/gate/counts.hpp"

#include <doctest/doctest.h>

namespace kvduel::gate {

namespace {

GateResult with_row(RowWord word) {
    GateResult result;
    result.rows.resize(1);
    result.rows[0].server = "async";
    result.rows[0].word = word;
    return result;
}

} // namespace

TEST_CASE("a hundredth more instructions, or a tenth of a call, is more work; less of anything is none") {
    const Work base{1'000.0, 2.0, 0.0};
    CHECK_FALSE(is_more_work({"async", base, {1'009.0, 2.09, 0.09}}));
    CHECK(is_more_work({"async", base, {1'010.0, 2.0, 0.0}}));
    CHECK(is_more_work({"async", base, {1'000.0, 2.1, 0.0}}));
    CHECK(is_more_work({"async", base, {1'000.0, 2.0, 0.1}}));
    CHECK_FALSE(is_more_work({"async", base, {500.0, 1.0, 0.0}}));
    CHECK_FALSE(is_more_work({"async", base, {std::nullopt, std::nullopt, std::nullopt}}));
}

TEST_CASE("clock and counts that say the same have nothing to explain") {
    const WorkPair same{"async", {1'000.0, 2.0, 0.0}, {1'000.0, 2.0, 0.0}};
    const WorkPair more{"async", {1'000.0, 2.0, 0.0}, {1'100.0, 2.0, 0.0}};
    CHECK(disagreements(with_row(RowWord::kNotWorse), {same}).empty());
    CHECK(disagreements(with_row(RowWord::kRegression), {more}).empty());
}

TEST_CASE("where they differ it is said, of that server alone") {
    const WorkPair same{"async", {1'000.0, 2.0, 0.0}, {1'000.0, 2.0, 0.0}};
    const WorkPair more{"async", {1'000.0, 2.0, 0.0}, {1'100.0, 2.0, 0.0}};
    using Sentences = std::vector<std::string>;
    CHECK(disagreements(with_row(RowWord::kRegression), {same}) ==
          Sentences{
              "async is worse by the clock and no count changed: layout, cache, contention or scheduling"});
    CHECK(disagreements(with_row(RowWord::kNotWorse), {more}) ==
          Sentences{"async does more for a request by the counts, and no endpoint shows it"});
    CHECK(disagreements(with_row(RowWord::kOpen), {more}) ==
          Sentences{
              "async does more for a request by the counts, and no endpoint shows it so far: a suspicion"});
    CHECK(disagreements(with_row(RowWord::kRegression), {{"threads", same.base, same.head}}).empty());
}

TEST_CASE("counts speak of the commits that were counted, and of servers that the gate judged") {
    GateResult result = with_row(RowWord::kNotWorse);
    result.builds = {{"async", kBase, {}, BuildClaim{"aaa", false, "", "", ""}},
                     {"async", kHead, {}, BuildClaim{"bbb", false, "", "", ""}},
                     {"mine", kHead, {}, std::nullopt}};
    const WorkPair async{"async", {1'000.0, 2.0, 0.0}, {1'000.0, 2.0, 0.0}};
    Counts counts{{async, {"threads", async.base, async.head}}, "aaa", "bbb"};
    CHECK(counts_for(result, counts) == std::vector<WorkPair>{async});
    counts.base_sha.reset();
    CHECK(counts_for(result, counts) == std::vector<WorkPair>{async});
    CHECK(result.warnings.empty());
    counts.head_sha = "ccc";
    CHECK(counts_for(result, counts).empty());
    REQUIRE(result.warnings.size() == 1);
    CHECK(result.warnings[0].starts_with("counts_of_other_builds: counted were git ? and ccc"));
}

TEST_CASE("a count that is not there, and memory, leave nothing to say") {
    const WorkPair uncounted{"async", {std::nullopt, 2.0, 0.0}, {std::nullopt, 2.0, 0.0}};
    CHECK(disagreements(with_row(RowWord::kRegression), {uncounted}).empty());
    const WorkPair same{"async", {1'000.0, 2.0, 0.0}, {1'000.0, 2.0, 0.0}};
    GateResult larger = with_row(RowWord::kRegression);
    larger.rows[0].metric = "rss_max_bytes";
    CHECK(disagreements(larger, {same}).empty());
}

} // namespace kvduel::gate
