#include "harness/report/tables/result_json.hpp"

#include "harness/experiment/judge/compare.hpp"
#include "harness/experiment/judge/crossing.hpp"
#include "harness/report/json/report_fields.hpp"
#include "harness/report/json/tree.hpp"
#include "harness/report/json/write_archive.hpp"
#include "harness/report/tables/findings.hpp"
#include "harness/report/tables/result_tables.hpp"
#include "harness/report/tables/split_table.hpp"
#include "harness/report/tables/theory_table.hpp"

#include <optional>

namespace kvduel::report {
namespace {

Tree row_tree(const ResultRow& row) {
    Tree tree{{"contender", row.contender}};
    for (std::size_t i = 0; i < row.figures.size(); ++i)
        tree[std::string(kTableColumns[i].metric)] =
            row.figures[i] ? Tree(*row.figures[i] * kTableColumns[i].divisor) : Tree();
    tree["valid"] = row.valid;
    tree["trials"] = row.trials;
    tree["invalid_codes"] = row.invalid_codes;
    return tree;
}

Tree split_tree(const SplitRow& row) {
    WriteArchive split;
    fields(split, row.split);
    return {{"contender", row.contender},
            {"trials", row.trials},
            {"latency_mean_us", row.mean_us},
            {"latency_split_us", split.take()}};
}

Tree theory_tree(const TheoryRow& row) {
    return {{"contender", row.contender},
            {"metric", row.metric},
            {"measured", tree_of(row.measured)},
            {"expected", row.expected},
            {"deviation", tree_of(row.deviation())},
            {"formula", row.formula}};
}

} // namespace

std::string json_of(const experiment::RunReport& report) {
    Tree tree{{"run", report.run.id},
              {"seed", std::to_string(report.run.seed)},
              {"interrupted", report.run.is_interrupted},
              {"capacities", Tree::array()},
              {"searches", Tree::array()},
              {"cells", Tree::array()},
              {"comparisons", Tree::array()},
              {"crossings", Tree::array()},
              {"invalid", invalid_lines(report)},
              {"findings", finding_lines(report)}};
    for (const experiment::Capacity& capacity : report.capacities) {
        WriteArchive one;
        fields(one, capacity);
        tree["capacities"].push_back(one.take());
    }
    for (const experiment::SearchResult& search : report.searches) {
        WriteArchive one;
        fields(one, search);
        tree["searches"].push_back(one.take());
    }
    for (const CellResults& cell : cell_results(report)) {
        WriteArchive parameters;
        fields(parameters, cell.parameters);
        Tree rows = Tree::array();
        for (const ResultRow& row : cell.rows) rows.push_back(row_tree(row));
        Tree splits = Tree::array();
        for (const SplitRow& row : cell.splits) splits.push_back(split_tree(row));
        Tree theory = Tree::array();
        for (const TheoryRow& row : cell.theory) theory.push_back(theory_tree(row));
        tree["cells"].push_back({{"scenario", cell.scenario},
                                 {"parameters", parameters.take()},
                                 {"contenders", rows},
                                 {"splits", splits},
                                 {"theory", theory}});
    }
    for (const experiment::Comparison& comparison : experiment::comparisons_of(report)) {
        WriteArchive one;
        fields(one, comparison);
        tree["comparisons"].push_back(one.take());
    }
    for (const experiment::Crossing& crossing : experiment::crossings_of(report)) {
        WriteArchive one;
        fields(one, crossing);
        tree["crossings"].push_back(one.take());
    }
    return tree.dump(2, ' ', false, Tree::error_handler_t::replace) + "\n";
}

} // namespace kvduel::report
