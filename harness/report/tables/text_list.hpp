#pragma once

#include "harness/report/tables/result_tables.hpp"
#include "harness/report/text/text_table.hpp"

#include <cstddef>
#include <string>

namespace kvduel::report {

/// What `kvduel list` prints: a row for each thing, its name first. Titles are the keys of the JSON form.
struct TextList {
    TextTable table;
    std::size_t terminal_columns; ///< the first of them; the others are too long for a terminal
};

/// A terminal gets columns under each other without titles; the other formats get all columns. Pure.
std::string render_list(const TextList& list, Format format);

} // namespace kvduel::report
