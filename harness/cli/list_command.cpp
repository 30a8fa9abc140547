#include "harness/cli/command.hpp"
#include "harness/cli/command_line.hpp"
#include "harness/cli/format_flag.hpp"
#include "harness/cli/run_contenders.hpp"
#include "harness/experiment/judge/summarise.hpp"
#include "harness/experiment/run/estimate.hpp"
#include "harness/experiment/server/executable.hpp"
#include "harness/experiment/trial/checks.hpp"
#include "harness/experiment/trial/waits.hpp"
#include "harness/report/json/workload_text.hpp"
#include "harness/report/readers/builtin.hpp"
#include "harness/report/readers/contender_reader.hpp"
#include "harness/report/readers/scenario_reader.hpp"
#include "harness/report/readers/suite_reader.hpp"
#include "harness/report/tables/text_list.hpp"
#include "harness/workload/workloads.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kvduel::cli {
namespace {

using report::TextList;

TextList in_list(std::vector<std::string> titles) {
    const std::size_t columns = titles.size();
    return {{std::move(titles), {}}, columns};
}

/// The built-in suites. A test reads them all, so a fault in one is a broken promise.
std::vector<experiment::Suite> suites() {
    std::vector<experiment::Suite> read;
    for (const auto& file : report::builtin_suites())
        read.push_back(report::parse_suite(file.text, file.path).value());
    return read;
}

TextList list_suites() {
    TextList list = in_list({"suite", "trials", "minutes", "for_boundaries", "title"});
    for (const auto& suite : suites()) {
        const auto contenders = choose_contenders(suite, std::nullopt, {}).value();
        const auto estimate = experiment::estimate(suite, contenders, experiment::Waits{}.rest);
        list.table.rows.push_back(
            {suite.id, std::to_string(estimate.trials), fmt::format("{:.1f}", estimate.seconds / 60),
             estimate.refinement_s > 0 ? fmt::format("up to {:.1f} more", estimate.refinement_s / 60) : "",
             suite.title});
    }
    return list;
}

TextList list_scenarios() {
    TextList list = in_list({"scenario", "question", "varies", "holds", "expects"});
    for (const auto& scenario : report::catalogue())
        list.table.rows.push_back(
            {scenario.id, scenario.question, scenario.varies, scenario.holds, scenario.expects});
    list.terminal_columns = 3;
    return list;
}

/// Whether a contender can be had as things are, and if not what is missing and what gets it.
std::string state_of(const experiment::Contender& contender) {
    const auto resolved = experiment::resolve_here(contender);
    return resolved ? "built"
                    : fmt::format("not built: {}; {}", resolved.error().what, resolved.error().hint);
}

TextList list_contenders() {
    TextList list = in_list({"contender", "title", "state"});
    for (const auto& contender : report::builtin_contenders())
        list.table.rows.push_back({contender.id, contender.title, state_of(contender)});
    return list;
}

TextList list_stores() {
    TextList list = in_list({"store", "is"});
    list.table.rows = {{"mutex", "one map behind one mutex"},
                       {"sharded", "many maps, a mutex each"},
                       {"snapshot", "many maps, a mutex each for writers; reads take no lock"}};
    return list;
}

TextList list_workloads() {
    TextList list = in_list({"workload", "is"});
    for (const auto& workload : workload::workloads())
        list.table.rows.push_back(
            {workload.name,
             fmt::format("{} keys, {}, values of {} B, get {:g} %, post {:g} %", workload.keys,
                         report::key_distribution_text(workload.key_distribution), workload.value_bytes,
                         workload.mix.get * 100, workload.mix.post * 100)});
    return list;
}

TextList list_metrics() {
    TextList list = in_list({"name", "is"});
    for (const auto& metric : experiment::metrics())
        list.table.rows.push_back(
            {std::string(metric.name), fmt::format("{}: {}", metric.unit, metric.meaning)});
    for (const auto& check : experiment::checks())
        list.table.rows.push_back(
            {std::string(check.code),
             fmt::format("code, {}: {}", experiment::effect_of(check.kind), check.condition)});
    return list;
}

struct Listing {
    std::string_view what;
    TextList (*list)();
};

constexpr std::array<Listing, 6> kListings{{{"suites", list_suites},
                                            {"scenarios", list_scenarios},
                                            {"contenders", list_contenders},
                                            {"stores", list_stores},
                                            {"workloads", list_workloads},
                                            {"metrics", list_metrics}}};

} // namespace

Result<int> list_command(std::span<const std::string> arguments, std::span<const std::string>) {
    const Listing* listing = nullptr;
    const Positional what{"WHAT", "suites, scenarios, contenders, stores, workloads or metrics",
                          [&](const std::string& word) -> Outcome {
                              const auto found = std::ranges::find(kListings, word, &Listing::what);
                              if (found == kListings.end())
                                  return Error{
                                      ErrorKind::kUsage, "list " + word, "nothing of this name",
                                      "allowed: suites, scenarios, contenders, stores, workloads, metrics"};
                              listing = &*found;
                              return ok();
                          }};
    report::Format format = report::Format::kTable;
    const std::array flags{format_flag(format)};
    const auto parsed = parse_command_line("list", "Lists what there is.", what, flags, arguments);
    if (!parsed) return parsed.error();
    if (*parsed == Parsed::kGo) fmt::print("{}", report::render_list(listing->list(), format));
    return 0;
}

} // namespace kvduel::cli
