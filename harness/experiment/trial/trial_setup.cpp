#include "harness/experiment/trial/trial_setup.hpp"

#include "core/support/clock.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>

namespace kvduel::experiment {

namespace {

Duration to_duration(double seconds) {
    return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
}

} // namespace

unsigned all_connections(const Parameters& parameters) {
    unsigned sum = parameters.connections;
    for (const load::Background& one : parameters.background) sum += one.connections;
    return sum;
}

bool has_own_cpus(const TrialSetup& setup) {
    return !setup.are_cpus_shared && setup.parameters.threads <= setup.cpus.load.size();
}

bool may_spin(const TrialSetup& setup) {
    const auto needs_time = [](const load::Background& one) {
        return one.kind != load::BackgroundKind::kIdle; // who is silent has nothing to do until the end
    };
    return has_own_cpus(setup) && !setup.is_beside_target &&
           (std::ranges::none_of(setup.parameters.background, needs_time) ||
            setup.parameters.threads < setup.cpus.load.size());
}

std::vector<std::string> server_arguments(const Contender& contender, const ServerOptions& options,
                                          std::uint16_t port) {
    constexpr std::string_view kPlace = "{port}";
    const std::string number = std::to_string(port);
    std::vector<std::string> arguments = contender.command;
    for (std::string& word : arguments)
        for (std::size_t at = word.find(kPlace); at != std::string::npos;
             at = word.find(kPlace, at + number.size()))
            word.replace(at, kPlace.size(), number);
    for (const auto& [name, value] : options) {
        const auto flag = contender.options.find(name);
        if (flag == contender.options.end() || flag->second.empty())
            continue; // left out, or means nothing to it
        arguments.push_back(flag->second);
        arguments.push_back(value);
    }
    return arguments;
}

load::Plan make_load_plan(const TrialSetup& setup, const load::Target& target) {
    const Parameters& parameters = setup.parameters;
    load::Plan plan;
    plan.target = target;
    plan.connections = parameters.connections;
    plan.threads = parameters.threads;
    plan.cpus = setup.cpus.load;
    plan.warm_up = to_duration(parameters.warmup_s);
    plan.duration = to_duration(parameters.duration_s);
    plan.timeout = to_duration(parameters.timeout_s);
    if (parameters.loop == Loop::kOpen) plan.rate_per_s = parameters.rate_per_s;
    plan.arrivals = parameters.arrivals;
    plan.may_spin = may_spin(setup);
    plan.pipeline = parameters.pipeline;
    plan.requests_per_connection = parameters.requests_per_connection;
    plan.expect_status = parameters.expect_status;
    plan.seed = setup.load_seed;
    plan.background = parameters.background;
    plan.workload = parameters.workload;
    plan.seat = setup.seat;
    plan.is_verified = setup.contender.model != kFloorModel;
    return plan;
}

} // namespace kvduel::experiment
