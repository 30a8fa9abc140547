#include "harness/experiment/judge/summarise.hpp"
#include "harness/report/gate/gate_text.hpp"
#include "harness/report/json/suite_fields.hpp"
#include "harness/report/json/tree.hpp"
#include "harness/report/json/write_archive.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace kvduel::report {

namespace {

std::string_view unit_of(std::string_view metric) {
    const auto table = experiment::metrics();
    const auto row = std::ranges::find(table, metric, &experiment::Metric::name);
    return row == table.end() ? "" : row->unit;
}

/// All that the rule had of it: whoever doubts a verdict can compute it again.
Tree blocks_tree(const gate::GateRow& row) {
    Tree blocks = Tree::array();
    for (const auto& pair : row.by_block)
        blocks.push_back(!pair ? Tree()
                               : Tree{{"ratio_head_over_base",
                                       std::exp(row.is_higher_better ? -pair->worse_by : pair->worse_by)},
                                      {"head_first", pair->has_head_first}});
    return blocks;
}

Tree row_tree(const gate::GateRow& row) {
    WriteArchive parameters;
    fields(parameters, row.parameters);
    return {{"scenario", row.scenario},
            {"parameters", Tree::parse(parameters.take().dump())},
            {"server", row.server},
            {"metric", row.metric},
            {"unit", unit_of(row.metric)},
            {"is_higher_better", row.is_higher_better},
            {"tolerance", row.tolerance},
            {"n", row.n},
            {"ratio_head_over_base", tree_of(row.ratio)},
            {"lower95", tree_of(row.lower95)},
            {"upper95", tree_of(row.upper95)},
            {"at_worst", tree_of(row.at_worst)},
            {"p", tree_of(row.p)},
            {"verdict", gate::word_of(row.word)},
            {"by_block", blocks_tree(row)}};
}

Tree work_tree(const gate::Work& work) {
    return {{"instructions", tree_of(work.instructions)},
            {"syscalls", tree_of(work.syscalls)},
            {"allocations", tree_of(work.allocations)}};
}

Tree build_tree(const gate::ServerBuild& build) {
    Tree tree{{"server", build.server}, {"side", build.side}};
    tree["links"] = Tree::array();
    for (const gate::Link& link : build.links) tree["links"].push_back({{"sha256", link.sha256}});
    tree["build"] = nullptr;
    if (build.claim)
        tree["build"] = {{"git_sha", build.claim->git_sha},
                         {"dirty", build.claim->is_dirty},
                         {"build_type", build.claim->build_type},
                         {"compiler", build.claim->compiler},
                         {"flags", build.claim->flags}};
    return tree;
}

} // namespace

std::string gate_json(const GateView& view) {
    const gate::GateResult& result = view.result;
    Tree tree{{"schema", "kvduel.gate/1"},
              {"verdict", gate::word_of(result.verdict)},
              {"exit_code", view.exit_code},
              {"reasons", result.reasons},
              {"warnings", result.warnings},
              {"run",
               {{"id", view.report.run.id},
                {"suite", view.report.suite.id},
                {"seed", std::to_string(view.report.run.seed)},
                {"argv", view.report.run.argv},
                {"started_at", view.report.run.started_at},
                {"finished_at", view.report.run.finished_at},
                {"interrupted", view.report.run.is_interrupted},
                {"notes", view.report.run.notes}}},
              {"fingerprint", view.report.environment.fingerprint},
              {"seconds", result.seconds},
              {"budget_s", result.budget_s},
              {"links", result.links},
              {"same_build", result.is_same_build},
              {"steal_median", result.steal_median},
              {"pairs", {{"planned", result.pairs_planned}, {"lost", result.pairs_lost}}}};
    tree["looks"] = Tree::array();
    for (const gate::LookTaken& look : result.looks)
        tree["looks"].push_back(
            {{"blocks", look.blocks}, {"alpha", look.alpha}, {"beta", look.beta}, {"word", look.word}});
    tree["builds"] = Tree::array();
    for (const gate::ServerBuild& build : result.builds) tree["builds"].push_back(build_tree(build));
    tree["endpoints"] = Tree::array();
    for (const gate::GateRow& row : result.rows) tree["endpoints"].push_back(row_tree(row));
    tree["counts_per_request"] = Tree::array();
    for (const gate::WorkPair& pair : view.work)
        tree["counts_per_request"].push_back(
            {{"server", pair.server}, {"base", work_tree(pair.base)}, {"head", work_tree(pair.head)}});
    tree["disagreements"] = gate::disagreements(view.result, view.work);
    return tree.dump(2, ' ', false, Tree::error_handler_t::replace) + "\n";
}

} // namespace kvduel::report
