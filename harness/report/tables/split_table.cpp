#include "harness/report/tables/split_table.hpp"

#include "harness/experiment/record/cell_trials.hpp"

namespace kvduel::report {
namespace {

using experiment::LatencySplit;
using experiment::TrialRecord;

constexpr double LatencySplit::*kParts[] = {&LatencySplit::before_send_us, &LatencySplit::queue_wait_us,
                                            &LatencySplit::handler_us, &LatencySplit::rest_us};

void add(SplitRow& row, const TrialRecord& trial) {
    ++row.trials;
    row.mean_us += trial.latency.mean_us.value_or(0);
    for (const auto part : kParts) row.split.*part += (*trial.latency_split).*part;
}

void average(SplitRow& row) {
    row.mean_us /= row.trials;
    for (const auto part : kParts) row.split.*part /= row.trials;
}

} // namespace

std::vector<SplitRow> split_rows(const experiment::RunReport& report, const std::string& scenario,
                                 const experiment::Parameters& parameters,
                                 const std::vector<std::string>& contenders) {
    std::vector<const TrialRecord*> of_cell;
    for (const TrialRecord& trial : report.trials)
        if (trial.scenario == scenario && trial.parameters == parameters) of_cell.push_back(&trial);
    std::vector<SplitRow> rows;
    for (const std::string& contender : contenders) {
        SplitRow row{contender, 0, 0, {}};
        for (const TrialRecord* trial : experiment::standing_trials(of_cell, contender))
            if (trial->latency_split) add(row, *trial);
        if (row.trials == 0) continue;
        average(row);
        rows.push_back(row);
    }
    return rows;
}

TextTable split_table(const std::vector<SplitRow>& rows, std::string_view first_title) {
    TextTable table{
        {std::string(first_title), "mean us", "= before send", "+ queue wait", "+ handler", "+ rest"}, {}};
    for (const SplitRow& row : rows) {
        std::vector<std::string> cells{row.contender, figure_text(row.mean_us)};
        for (const auto part : kParts) cells.push_back(figure_text(row.split.*part));
        table.rows.push_back(std::move(cells));
    }
    return table;
}

} // namespace kvduel::report
