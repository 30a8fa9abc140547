#include "harness/report/text/text_table.hpp"

#include "harness/experiment/text/number_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace kvduel::report {
namespace {

std::size_t width_of(std::string_view text) {
    const auto is_start = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; };
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_start));
}

std::vector<std::size_t> column_widths(const TextTable& table) {
    std::vector<std::size_t> widths;
    for (const std::string& title : table.titles) widths.push_back(width_of(title));
    for (const auto& row : table.rows)
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
    return widths;
}

std::string aligned_line(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::string padding(widths[i] - width_of(cells[i]), ' ');
        line += i == 0 ? cells[i] + padding : "  " + padding + cells[i];
    }
    return line.substr(0, line.find_last_not_of(' ') + 1);
}

std::string joined(const std::vector<std::string>& cells, std::string_view begin, std::string_view between,
                   std::string_view end) {
    return fmt::format("{}{}{}", begin, fmt::join(cells, between), end);
}

std::string csv_cell(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string cell = "\"";
    for (const char byte : text) cell.append(byte == '"' ? 2 : 1, byte);
    return cell + '"';
}

std::string csv_line(const std::vector<std::string>& cells) {
    std::vector<std::string> quoted_cells;
    for (const std::string& cell : cells) quoted_cells.push_back(csv_cell(cell));
    return joined(quoted_cells, "", ",", "\n");
}

} // namespace

std::string render_aligned(const TextTable& table, std::string_view indent) {
    const std::vector<std::size_t> widths = column_widths(table);
    std::string text = fmt::format("{}{}\n", indent, aligned_line(table.titles, widths));
    for (const auto& row : table.rows) text += fmt::format("{}{}\n", indent, aligned_line(row, widths));
    return text;
}

std::string render_markdown(const TextTable& table) {
    std::string text = joined(table.titles, "| ", " | ", " |\n");
    for (std::size_t i = 0; i < table.titles.size(); ++i) text += i == 0 ? "| --- |" : " ---: |";
    text += '\n';
    for (const auto& row : table.rows) text += joined(row, "| ", " | ", " |\n");
    return text;
}

std::string render_csv(const TextTable& table) {
    std::string text = csv_line(table.titles);
    for (const auto& row : table.rows) text += csv_line(row);
    return text;
}

std::string figure_text(double figure) {
    return experiment::figure_digits(figure);
}

} // namespace kvduel::report
