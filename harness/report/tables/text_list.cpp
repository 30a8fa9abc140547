#include "harness/report/tables/text_list.hpp"

#include "harness/report/json/tree.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <vector>

namespace kvduel::report {
namespace {

/// The last column runs out.
std::string for_terminal(const TextList& list) {
    std::vector<std::size_t> widths(list.terminal_columns, 0);
    for (const auto& row : list.table.rows)
        for (std::size_t i = 0; i < widths.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    std::string text;
    for (const auto& row : list.table.rows) {
        for (std::size_t i = 0; i + 1 < widths.size(); ++i)
            text += fmt::format("{:<{}}  ", row[i], widths[i]);
        text += row[widths.size() - 1] + "\n";
    }
    return text;
}

std::string as_json(const TextTable& table) {
    Tree things = Tree::array();
    for (const auto& row : table.rows) {
        Tree thing = Tree::object();
        for (std::size_t i = 0; i < row.size(); ++i) thing[table.titles[i]] = row[i];
        things.push_back(std::move(thing));
    }
    return things.dump(2) + "\n";
}

std::string as_markdown(const TextTable& table) {
    std::string text = fmt::format("| {} |\n|", fmt::join(table.titles, " | "));
    for (std::size_t i = 0; i < table.titles.size(); ++i) text += " --- |";
    text += "\n";
    for (const auto& row : table.rows) text += fmt::format("| {} |\n", fmt::join(row, " | "));
    return text;
}

} // namespace

std::string render_list(const TextList& list, Format format) {
    switch (format) {
    case Format::kTable: return for_terminal(list);
    case Format::kMarkdown: return as_markdown(list.table);
    case Format::kCsv: return render_csv(list.table);
    case Format::kJson: return as_json(list.table);
    }
    return "";
}

} // namespace kvduel::report
