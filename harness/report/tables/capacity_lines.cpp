#include "harness/report/tables/capacity_lines.hpp"

#include "harness/report/tables/result_tables.hpp"
#include "harness/report/text/printable.hpp"
#include "harness/report/text/text_table.hpp"

#include <fmt/format.h>

namespace kvduel::report {
namespace {

using experiment::Capacity;

std::string one(const Capacity& capacity) {
    std::string text = printable(capacity.contender) + " ";
    text += capacity.median_rps ? figure_text(*capacity.median_rps) + "/s" : "unknown";
    if (capacity.invalid_trials > 0)
        text += fmt::format(" ({} invalid: {})", capacity.invalid_trials,
                            printable(fmt::format("{}", fmt::join(capacity.invalid_codes, " "))));
    return text;
}

} // namespace

std::vector<std::string> capacity_lines(const experiment::RunReport& report) {
    std::vector<std::string> lines;
    const Capacity* before = nullptr;
    for (const Capacity& capacity : report.capacities) {
        const bool is_same_load = before != nullptr && before->parameters == capacity.parameters;
        if (is_same_load)
            lines.back() += ", " + one(capacity);
        else
            lines.push_back(fmt::format("capacity of {} ({}): {}", printable(capacity.scenario),
                                        cell_label(capacity.parameters), one(capacity)));
        before = &capacity;
    }
    return lines;
}

} // namespace kvduel::report
