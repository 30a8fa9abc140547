#include "harness/gate/counts.hpp"

#include <algorithm>

namespace kvduel::gate {

namespace {

bool has_row(const GateResult& result, const std::string& server, RowWord word) {
    return std::ranges::any_of(result.rows,
                               [&](const GateRow& row) { return row.server == server && row.word == word; });
}

/// Worse in something that more work, or more waiting, would explain: memory is neither.
bool is_slower(const GateResult& result, const std::string& server) {
    return std::ranges::any_of(result.rows, [&](const GateRow& row) {
        return row.server == server && row.word == RowWord::kRegression && row.metric != "rss_max_bytes";
    });
}

bool is_counted(const WorkPair& pair) {
    const auto is_whole = [](const Work& work) {
        return work.instructions && work.syscalls && work.allocations;
    };
    return is_whole(pair.base) && is_whole(pair.head);
}

bool rose(const std::optional<double>& base, const std::optional<double>& head, double by) {
    return base && head && *head - *base >= by;
}

/// Whether every build of the side that tells its commit tells this one.
bool are_of(const GateResult& result, std::string_view side, const std::optional<std::string>& sha) {
    return !sha || std::ranges::all_of(result.builds, [&](const ServerBuild& build) {
        return build.side != side || !build.claim || build.claim->git_sha == *sha;
    });
}

} // namespace

std::vector<WorkPair> counts_for(GateResult& result, const Counts& counts) {
    if (!are_of(result, kBase, counts.base_sha) || !are_of(result, kHead, counts.head_sha)) {
        result.warnings.push_back("counts_of_other_builds: counted were git " +
                                  counts.base_sha.value_or("?") + " and " + counts.head_sha.value_or("?") +
                                  ", not the builds of this gate: the counts are left out");
        return {};
    }
    std::vector<WorkPair> pairs = counts.pairs;
    std::erase_if(pairs, [&](const WorkPair& pair) {
        return std::ranges::none_of(result.rows,
                                    [&](const GateRow& row) { return row.server == pair.server; });
    });
    return pairs;
}

bool is_more_work(const WorkPair& pair) {
    return rose(pair.base.instructions, pair.head.instructions,
                kNotedInstructions * pair.base.instructions.value_or(0)) ||
           rose(pair.base.syscalls, pair.head.syscalls, kNotedCalls) ||
           rose(pair.base.allocations, pair.head.allocations, kNotedCalls);
}

std::vector<std::string> disagreements(const GateResult& result, const std::vector<WorkPair>& work) {
    std::vector<std::string> sentences;
    for (const WorkPair& pair : work) {
        const bool is_worse = has_row(result, pair.server, RowWord::kRegression);
        if (is_slower(result, pair.server) && is_counted(pair) && !is_more_work(pair))
            sentences.push_back(
                pair.server +
                " is worse by the clock and no count changed: layout, cache, contention or scheduling");
        else if (!is_worse && is_more_work(pair))
            sentences.push_back(pair.server +
                                " does more for a request by the counts, and no endpoint shows it" +
                                (has_row(result, pair.server, RowWord::kOpen) ? " so far: a suspicion" : ""));
    }
    return sentences;
}

} // namespace kvduel::gate
