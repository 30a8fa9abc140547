#include "harness/report/tables/theory_table.hpp"

#include "harness/report/text/printable.hpp"

#include <fmt/format.h>

namespace kvduel::report {

std::vector<TheoryRow> theory_rows(const experiment::RunReport& report, const std::string& scenario,
                                   const experiment::Parameters& parameters) {
    std::vector<TheoryRow> rows;
    for (const experiment::Expectation& expected : report.expectations) {
        if (expected.scenario != scenario || expected.parameters != parameters) continue;
        TheoryRow row{expected.contender, expected.metric, std::nullopt, expected.expected, expected.formula};
        for (const experiment::SummaryRow& figure : report.summary)
            if (figure.scenario == scenario && figure.contender == row.contender &&
                figure.metric == row.metric && figure.parameters == parameters)
                row.measured = figure.median;
        rows.push_back(std::move(row));
    }
    return rows;
}

TextTable theory_table(const std::vector<TheoryRow>& rows, std::string_view first_title) {
    TextTable table{{std::string(first_title), "metric", "measured", "theory", "off by", "formula"}, {}};
    for (const TheoryRow& row : rows) {
        const auto deviation = row.deviation();
        table.rows.push_back({row.contender, printable(row.metric),
                              row.measured ? figure_text(*row.measured) : "-", figure_text(row.expected),
                              deviation ? fmt::format("{:+.1f} %", *deviation * 100) : "-",
                              printable(row.formula)});
    }
    return table;
}

} // namespace kvduel::report
