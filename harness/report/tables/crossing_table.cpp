#include "harness/report/tables/crossing_table.hpp"

#include "harness/report/json/words.hpp"
#include "harness/report/tables/result_tables.hpp"
#include "harness/report/tables/verdict_text.hpp"
#include "harness/report/text/printable.hpp"

#include <fmt/format.h>

namespace kvduel::report {
namespace {

using experiment::ComparisonVerdict;
using experiment::Crossing;
using experiment::StripEnd;

/// The winner's id, or the word.
std::string word_text(const Crossing& crossing, ComparisonVerdict word) {
    if (word == ComparisonVerdict::kFirst) return printable(crossing.first) + " wins";
    if (word == ComparisonVerdict::kSecond) return printable(crossing.second) + " wins";
    return std::string(word_for(word, kComparisonWords));
}

std::string_view reason_text(StripEnd reason) {
    switch (reason) {
    case StripEnd::kStep:
    case StripEnd::kInteger: return "";
    case StripEnd::kUndecided: return "; undecided between";
    case StripEnd::kBound: return "; as many cells as allowed were put between";
    case StripEnd::kUnfinished: return "; the run ended before it was narrowed";
    }
    return "";
}

std::string line_text(const Crossing& crossing) {
    return fmt::format("{}: {}", printable(crossing.scenario),
                       cell_label(crossing.parameters, crossing.axis));
}

} // namespace

std::string place_text(std::uint64_t place) {
    constexpr std::uint64_t kWholeFrom = 100; // a figure below has decimals
    return place < kWholeFrom ? std::to_string(place) : figure_text(static_cast<double>(place));
}

std::string_view axis_unit(experiment::Axis axis) {
    return axis == experiment::Axis::kConnections ? "connections" : "us of wait";
}

std::string crossing_sentence(const Crossing& crossing) {
    return fmt::format("{} up to {} {}, {} from {} on ({}){}", word_text(crossing, crossing.lower_word),
                       place_text(crossing.lower), axis_unit(crossing.axis),
                       word_text(crossing, crossing.upper_word), place_text(crossing.upper),
                       short_name(crossing.metric), reason_text(crossing.stopped_by));
}

std::vector<std::string> crossing_lines(const std::vector<Crossing>& crossings) {
    std::vector<std::string> lines;
    for (const Crossing& crossing : crossings)
        lines.push_back(fmt::format("{}: {} against {}: {}", line_text(crossing), printable(crossing.second),
                                    printable(crossing.first), crossing_sentence(crossing)));
    return lines;
}

TextTable crossing_table(const std::vector<Crossing>& crossings) {
    TextTable table{{"boundary", "second / first", "metric", "axis", "up to", "verdict there", "from",
                     "verdict there", "narrowed until"},
                    {}};
    for (const Crossing& crossing : crossings)
        table.rows.push_back({line_text(crossing),
                              fmt::format("{} / {}", printable(crossing.second), printable(crossing.first)),
                              std::string(short_name(crossing.metric)), std::string(axis_unit(crossing.axis)),
                              place_text(crossing.lower), word_text(crossing, crossing.lower_word),
                              place_text(crossing.upper), word_text(crossing, crossing.upper_word),
                              std::string(word_for(crossing.stopped_by, kStripEndWords))});
    return table;
}

} // namespace kvduel::report
