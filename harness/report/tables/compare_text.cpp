#include "harness/report/tables/compare_text.hpp"

#include "harness/report/json/tree.hpp"
#include "harness/report/tables/change_text.hpp"
#include "harness/report/tables/verdict_text.hpp"
#include "harness/report/text/printable.hpp"
#include "harness/report/text/text_table.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace kvduel::report {
namespace {

using gate::CompareRow;
using gate::RowWord;

std::string ratio(const std::optional<double>& figure) {
    return figure ? fmt::format("{:.3f}", *figure) : "-";
}

TextTable table_of(const gate::CompareResult& result) {
    TextTable table{{"endpoint", "to " + result.control + ", base", "head", "change, 95 %", "allowed", "p",
                     "blocks", "verdict"},
                    {}};
    for (const CompareRow& row : result.rows)
        table.rows.push_back(
            {printable(fmt::format("{} {}, {}: {}", row.contender, row.scenario, cell_label(row.parameters),
                                   short_name(row.metric))),
             ratio(row.ratio_base), ratio(row.ratio_head), change_text(row.change, row.lower95, row.upper95),
             tolerance_text(row.tolerance, row.is_higher_better), row.p ? fmt::format("{:.3f}", *row.p) : "-",
             fmt::format("{}, {}", row.n_base, row.n_head), std::string(gate::word_of(row.word))});
    return table;
}

std::string headline(const gate::CompareResult& result) {
    const auto count = [&](RowWord one) { return std::ranges::count(result.rows, one, &CompareRow::word); };
    return fmt::format(
        "{}: of {} endpoints, by their ratio to {}, {} are worse, {} not worse, {} open, {} not to be judged",
        in_capitals(gate::word_of(result.verdict)), result.rows.size(), result.control,
        count(RowWord::kRegression), count(RowWord::kNotWorse), count(RowWord::kOpen),
        count(RowWord::kUnjudged));
}

std::string as_json(const gate::CompareResult& result) {
    Tree tree{{"verdict", gate::word_of(result.verdict)},
              {"exit_code", gate::exit_code(result.verdict)},
              {"control", result.control},
              {"warnings", result.warnings}};
    tree["endpoints"] = Tree::array();
    for (const CompareRow& row : result.rows)
        tree["endpoints"].push_back({{"scenario", row.scenario},
                                     {"cell", cell_label(row.parameters)},
                                     {"contender", row.contender},
                                     {"metric", row.metric},
                                     {"tolerance", row.tolerance},
                                     {"n_base", row.n_base},
                                     {"n_head", row.n_head},
                                     {"ratio_base", tree_of(row.ratio_base)},
                                     {"ratio_head", tree_of(row.ratio_head)},
                                     {"change", tree_of(row.change)},
                                     {"lower95", tree_of(row.lower95)},
                                     {"upper95", tree_of(row.upper95)},
                                     {"p", tree_of(row.p)},
                                     {"verdict", gate::word_of(row.word)}});
    return tree.dump(2, ' ', false, Tree::error_handler_t::replace) + "\n";
}

} // namespace

std::string render_compare(const gate::CompareResult& result, Format format) {
    if (format == Format::kJson) return as_json(result);
    if (format == Format::kCsv) return render_csv(table_of(result));
    const bool is_markdown = format == Format::kMarkdown;
    std::string text = headline(result) + "\n\n";
    text += is_markdown ? render_markdown(table_of(result)) : render_aligned(table_of(result), "");
    for (const std::string& warning : result.warnings)
        text += fmt::format("{}warning: {}\n", is_markdown ? "\n- " : "", printable(warning));
    return text;
}

} // namespace kvduel::report
