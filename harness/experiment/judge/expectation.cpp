#include "harness/experiment/judge/expectation.hpp"

#include "harness/experiment/plan/trial_order.hpp"

#include <algorithm>
#include <charconv>

namespace kvduel::experiment {

namespace {

constexpr double kSecondsPerUs = 1e-6; // seconds per microsecond

/// What the server is told by `name`, by the cell or else by the contender's own command.
std::optional<std::string> option(const Contender& contender, const Parameters& cell,
                                  const std::string& name) {
    const auto flag = contender.options.find(name);
    if (flag == contender.options.end() || flag->second.empty()) return std::nullopt;
    if (const auto set = cell.server.find(name); set != cell.server.end()) return set->second;
    const auto word = std::find(contender.command.begin(), contender.command.end(), flag->second);
    if (word == contender.command.end() || word + 1 == contender.command.end()) return std::nullopt;
    return *(word + 1);
}

std::optional<Dispatch> dispatch_of(const Contender& contender) {
    const auto has = [&](const char* word) {
        return std::find(contender.command.begin(), contender.command.end(), word) != contender.command.end();
    };
    if (contender.model == "async") return Dispatch::kCoroutines;
    if (contender.model == "goroutines") { // preempted after 10 ms: near enough to running to completion
        const auto workers = contender.options.find("workers");
        const bool is_pool = workers != contender.options.end() && !workers->second.empty();
        return is_pool ? Dispatch::kTaskPool : Dispatch::kCoroutines;
    }
    if (contender.model != "threads") return std::nullopt;
    return has("connection") ? Dispatch::kConnection : Dispatch::kPool;
}

unsigned workers_of(const Contender& contender, const Parameters& cell, unsigned cores) {
    unsigned workers = 0;
    for (const char* name : {"workers", "threads"})
        if (const auto text = option(contender, cell, name); text && workers == 0)
            std::from_chars(text->data(), text->data() + text->size(), workers);
    return workers > 0 ? workers : cores;
}

double own_cpu_s(const RunReport& report, const Contender& contender) {
    for (const SummaryRow& row : report.summary)
        if (row.scenario == kOwnCostScenario && row.contender == contender.id &&
            row.metric == "cpu_us_per_request" && row.median)
            return *row.median * kSecondsPerUs;
    return 0;
}

} // namespace

WorkShare parse_work(const std::string& text) {
    double amount_us = 0;
    const char* const end = text.data() + text.size();
    const auto number = std::from_chars(text.data(), end, amount_us);
    if (number.ec != std::errc{}) return {};
    if (number.ptr == end) return {amount_us * kSecondsPerUs, 1};
    double percent = 0;
    const auto share = std::from_chars(std::min(number.ptr + 1, end), end, percent);
    if (*number.ptr != '@' || share.ec != std::errc{} || std::string(share.ptr, end) != "%") return {};
    return {amount_us * kSecondsPerUs, percent / 100};
}

std::optional<TheoryInputs> theory_inputs(const RunReport& report, const Contender& contender,
                                          const Parameters& cell) {
    const auto dispatch = dispatch_of(contender);
    if (!dispatch || (cell.loop == Loop::kOpen && !cell.rate_per_s)) return std::nullopt;
    TheoryInputs inputs;
    inputs.dispatch = *dispatch;
    const auto& cpus = report.environment.server_cpus;
    inputs.cores = cpus.empty() ? report.environment.cpus : static_cast<unsigned>(cpus.size());
    inputs.workers = workers_of(contender, cell, inputs.cores);
    inputs.in_flight = cell.connections * cell.pipeline;
    inputs.rate_per_s = cell.rate_per_s;
    inputs.cpu = parse_work(option(contender, cell, "work_cpu_us").value_or(""));
    inputs.wait = parse_work(option(contender, cell, "work_wait_us").value_or(""));
    inputs.own_cpu_s = own_cpu_s(report, contender);
    return inputs;
}

std::vector<Expectation> expectations(const RunReport& report) {
    std::vector<Expectation> all;
    for (const Scenario& scenario : report.suite.scenarios)
        for (const Parameters& cell : scenario.cells)
            for (const Contender& contender : report.contenders) {
                if (scenario.theory.empty() || !missing_options(contender, cell).empty()) continue;
                const auto inputs = theory_inputs(report, contender, cell);
                if (!inputs) continue;
                for (const Prediction& prediction : predict(scenario.theory, *inputs))
                    all.push_back({scenario.id, contender.id, cell, std::string(prediction.metric),
                                   prediction.expected, prediction.formula});
            }
    return all;
}

} // namespace kvduel::experiment
