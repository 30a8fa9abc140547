#include "harness/gate/compare_control.hpp"

#include "harness/gate/compare_reports.hpp"

#include <algorithm>

namespace kvduel::gate {

namespace {

using experiment::Contender;
using experiment::RunReport;

/// A contender that lay in another folder was started the same way.
std::vector<std::string> command_of(const Contender& contender) {
    std::vector<std::string> command = contender.command;
    if (!command.empty()) command[0].erase(0, command[0].rfind('/') + 1);
    return command;
}

bool is_started_alike(const Contender& one, const Contender& other) {
    return command_of(one) == command_of(other) && one.options == other.options;
}

bool is_same_program(const Contender& one, const Contender& other) {
    return !one.sha256.empty() && one.sha256 == other.sha256 && is_started_alike(one, other);
}

void warn_of_commands(const CompareRequest& request, const std::string& control,
                      std::vector<std::string>& warnings) {
    for (const Contender& one : request.base.contenders) {
        const Contender* other = find_contender(request.head, one.id);
        if (other == nullptr || one.id == control || is_started_alike(one, *other)) continue;
        warnings.push_back("command_changed: " + one.id +
                           " was started with other flags in head: what they did is in its ratios");
    }
}

} // namespace

const Contender* find_contender(const RunReport& report, const std::string& id) {
    const auto found = std::ranges::find(report.contenders, id, &Contender::id);
    return found == report.contenders.end() ? nullptr : &*found;
}

Result<std::string> choose_control(const CompareRequest& request, std::vector<std::string>& warnings) {
    if (!request.control.empty() && (find_contender(request.base, request.control) == nullptr ||
                                     find_contender(request.head, request.control) == nullptr))
        return Error{ErrorKind::kUsage, "--control " + request.control, "is not in both reports", ""};
    const Contender* chosen = nullptr;
    bool is_same = false;
    for (const Contender& one : request.base.contenders) {
        const Contender* other = find_contender(request.head, one.id);
        if (other == nullptr || (!request.control.empty() && one.id != request.control)) continue;
        is_same = is_same_program(one, *other);
        if (is_same || chosen == nullptr) chosen = &one;
        if (is_same) break;
    }
    if (chosen == nullptr)
        return Error{ErrorKind::kInvalid, "", "no contender stands in both reports",
                     "there is nothing to measure the others by"};
    if (!is_same)
        warnings.push_back("control_changed: " + chosen->id +
                           " is not the same program, started the same way, in both reports: what it gained "
                           "the others seem to have lost");
    warn_of_commands(request, chosen->id, warnings);
    return chosen->id;
}

} // namespace kvduel::gate
