#include "harness/report/tables/result_csv.hpp"

#include "harness/experiment/judge/compare.hpp"
#include "harness/report/tables/result_tables.hpp"
#include "harness/report/tables/verdict_table.hpp"
#include "harness/report/text/printable.hpp"
#include "harness/report/text/text_table.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace kvduel::report {

std::string csv_of(const experiment::RunReport& report) {
    TextTable table{{"scenario", "parameters", "connections", "contender"}, {}};
    for (const TableColumn& column : kTableColumns) table.titles.emplace_back(column.metric);
    table.titles.insert(table.titles.end(), {"valid", "trials", "invalid_codes"});
    const auto comparisons = experiment::comparisons_of(report);
    for (std::string& title : comparison_titles()) table.titles.push_back(std::move(title));
    for (const CellResults& cell : cell_results(report)) {
        for (const ResultRow& row : cell.rows) {
            std::vector<std::string> cells{cell.scenario, cell_label(cell.parameters),
                                           std::to_string(cell.parameters.connections), row.contender};
            for (std::size_t i = 0; i < row.figures.size(); ++i)
                cells.push_back(row.figures[i] ? fmt::format("{}", *row.figures[i] * kTableColumns[i].divisor)
                                               : "");
            cells.push_back(std::to_string(row.valid));
            cells.push_back(std::to_string(row.trials));
            cells.push_back(printable(fmt::format("{}", fmt::join(row.invalid_codes, " "))));
            for (std::string& figure : comparison_cells(comparisons, report.contenders.front().id,
                                                        cell.scenario, cell.parameters, row.contender))
                cells.push_back(std::move(figure));
            table.rows.push_back(std::move(cells));
        }
    }
    return render_csv(table);
}

} // namespace kvduel::report
