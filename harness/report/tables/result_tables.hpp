#pragma once

#include "harness/experiment/record/report.hpp"
#include "harness/report/tables/split_table.hpp"
#include "harness/report/tables/theory_table.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kvduel::report {

/// How results are shown (--format).
enum class Format : std::uint8_t { kTable, kJson, kMarkdown, kCsv };

inline constexpr std::array<std::pair<std::string_view, Format>, 4> kFormatWords{
    {{"table", Format::kTable},
     {"json", Format::kJson},
     {"markdown", Format::kMarkdown},
     {"csv", Format::kCsv}}};

/// A column of the tables: a metric in the unit a reader wants. One unit a column.
struct TableColumn {
    std::string_view title;
    std::string_view metric;      ///< of the summary
    double divisor;               ///< from the summary's unit to the title's
    bool is_of_open_loop = false; ///< in a closed one it would say nothing new
};
inline constexpr std::array<TableColumn, 9> kTableColumns{
    {{"RPS", "throughput_rps", 1},
     {"sent/s", "offered_rps", 1, true},
     {"P50 us", "latency_p50_us", 1},
     {"P90 us", "latency_p90_us", 1},
     {"P99 us", "latency_p99_us", 1},
     {"service P99 us", "service_time_p99_us", 1, true},
     {"CPU us/req", "cpu_us_per_request", 1},
     {"switches/req", "context_switches_per_request", 1},
     {"RSS MiB", "rss_max_bytes", 1 << 20}}};

/// One line of a table: a contender in a cell. Figures are medians over the valid trials, in the columns'
/// units.
struct ResultRow {
    std::string contender;
    std::array<std::optional<double>, kTableColumns.size()> figures;
    unsigned valid = 0;                     ///< trials
    unsigned trials = 0;                    ///< made
    std::vector<std::string> invalid_codes; ///< of the others, in the order they first appear
};

/// The results of one cell, in the order of the report.
struct CellResults {
    std::string scenario;
    experiment::Parameters parameters;
    std::vector<ResultRow> rows;
    std::vector<SplitRow> splits;  ///< where the mean latency went; empty if no server tells
    std::vector<TheoryRow> theory; ///< what theory expects of them
    /// The verdict on the cell's main metric (margins.hpp) with its reasons, for each pair of contenders.
    std::vector<std::vector<std::string>> verdicts;
};

std::vector<CellResults> cell_results(const experiment::RunReport& report);

/// "closed loop, 64 connections, server threads 8, work_wait_us 5000",
/// "open loop, poisson arrivals, 20,000 requests/s, 64 connections". Of a line of cells: without its axis.
std::string cell_label(const experiment::Parameters& parameters,
                       std::optional<experiment::Axis> without = std::nullopt);

/// All that a run has to say, in one of the formats: first the invalid trials with code and advice, as they
/// are in no figure; the tables, each with the verdict on its main metric and where the mean latency went;
/// all verdicts in an overview (Markdown: with all figures); where they change along an axis; what else a
/// reader should know. Texts of strangers are printed without control bytes. Pure.
std::string render_results(const experiment::RunReport& report, Format format);

} // namespace kvduel::report
