#include "harness/cli/command.hpp"
#include "harness/cli/command_line.hpp"
#include "harness/cli/values.hpp"
#include "harness/experiment/checks.hpp"
#include "harness/experiment/summarise.hpp"
#include "harness/report/builtin.hpp"
#include "harness/report/contender_reader.hpp"
#include "harness/report/suite_reader.hpp"
#include "harness/report/workload_text.hpp"
#include "harness/workload/workloads.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace kvduel::cli {
namespace {

/// A line for each thing: its name and what it is.
using Lines = std::vector<std::pair<std::string, std::string>>;

/// The built-in suites. A test reads them all, so a fault in one is a broken promise.
std::vector<experiment::Suite> suites() {
    std::vector<experiment::Suite> read;
    for (const auto& file : report::builtin_suites())
        read.push_back(report::parse_suite(file.text, file.path).value());
    return read;
}

Lines list_suites() {
    Lines lines;
    for (const auto& suite : suites()) lines.emplace_back(suite.id, suite.title);
    return lines;
}

Lines list_scenarios() {
    Lines lines;
    for (const auto& suite : suites())
        for (const auto& scenario : suite.scenarios)
            lines.emplace_back(suite.id + "/" + scenario.id, scenario.question);
    return lines;
}

Lines list_contenders() {
    Lines lines;
    for (const auto& contender : report::builtin_contenders())
        lines.emplace_back(contender.id, contender.title);
    return lines;
}

Lines list_stores() {
    return {{"mutex", "one map behind one mutex"}, {"sharded", "many maps, a mutex each"}};
}

Lines list_workloads() {
    Lines lines;
    for (const auto& workload : workload::workloads())
        lines.emplace_back(workload.name,
                           fmt::format("{} keys, {}, values of {} B, get {:g} %, post {:g} %", workload.keys,
                                       report::key_distribution_text(workload.key_distribution),
                                       workload.value_bytes, workload.mix.get * 100,
                                       workload.mix.post * 100));
    return lines;
}

Lines list_metrics() {
    Lines lines;
    for (const auto& metric : experiment::metrics())
        lines.emplace_back(metric.name, fmt::format("{}: {}", metric.unit, metric.meaning));
    for (const auto& check : experiment::checks())
        lines.emplace_back(check.code,
                           fmt::format("code, {}: {}", experiment::effect_of(check.kind), check.condition));
    return lines;
}

struct Listing {
    std::string_view what;
    Lines (*lines)();
};

constexpr std::array<Listing, 6> kListings{{{"suites", list_suites},
                                            {"scenarios", list_scenarios},
                                            {"contenders", list_contenders},
                                            {"stores", list_stores},
                                            {"workloads", list_workloads},
                                            {"metrics", list_metrics}}};

void print(const Lines& lines) {
    std::size_t width = 0;
    for (const auto& [name, meaning] : lines) width = std::max(width, name.size());
    for (const auto& [name, meaning] : lines) fmt::print("{:<{}}  {}\n", name, width, meaning);
}

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
    const auto parsed = parse_command_line("list", "Lists what there is.", what, {}, arguments);
    if (!parsed) return parsed.error();
    if (*parsed == Parsed::kGo) print(listing->lines());
    return 0;
}

} // namespace kvduel::cli
