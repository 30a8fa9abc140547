#include "harness/report/gate/gate_text.hpp"
#include "harness/report/tables/change_text.hpp"
#include "harness/report/text/printable.hpp"

#include <fmt/format.h>

namespace kvduel::report {

namespace {

std::string figure(const std::optional<double>& count, int decimals) {
    return count ? fmt::format("{:.{}f}", *count, decimals) : "-";
}

std::string change(const std::optional<double>& base, const std::optional<double>& head) {
    if (!base || !head || *base == 0) return "-";
    const double share = *head / *base - 1;
    const bool is_strong = share >= gate::kStrongInstructions;
    return change_percent(*head / *base, 2) + (is_strong                           ? " (strong)"
                                               : share >= gate::kNotedInstructions ? " (noted)"
                                                                                   : "");
}

} // namespace

TextTable counts_table(const std::vector<gate::WorkPair>& work) {
    TextTable table{
        {"counts a request", "instructions", "head", "change", "syscalls", "head", "allocations", "head"},
        {}};
    for (const gate::WorkPair& pair : work)
        table.rows.push_back({printable(pair.server), figure(pair.base.instructions, 0),
                              figure(pair.head.instructions, 0),
                              change(pair.base.instructions, pair.head.instructions),
                              figure(pair.base.syscalls, 2), figure(pair.head.syscalls, 2),
                              figure(pair.base.allocations, 2), figure(pair.head.allocations, 2)});
    return table;
}

} // namespace kvduel::report
