#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kvduel::report {

/// Rows of texts under titles. The first column is aligned left, the others right, as they hold figures.
struct TextTable {
    std::vector<std::string> titles;
    std::vector<std::vector<std::string>> rows; ///< each as long as titles
};

/// Aligned by spaces, two between columns, each line led by `indent`. Widths count code points. Pure, as all
/// below.
std::string render_aligned(const TextTable& table, std::string_view indent);
std::string render_markdown(const TextTable& table);
/// RFC 4180 with LF: cells with a comma, quote or line end are quoted.
std::string render_csv(const TextTable& table);

/// A figure for a reader: 105,000 · 742 · 10.8 · 8.61 · 0.25. Whole with thousands from 100 on, else one or
/// two decimals.
std::string figure_text(double figure);

} // namespace kvduel::report
