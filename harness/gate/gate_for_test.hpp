#pragma once

#include "harness/experiment/judge/duel_for_test.hpp"
#include "harness/gate/duellists.hpp"
#include "harness/gate/gate.hpp"

#include <cmath>
#include <string>
#include <vector>

namespace kvduel::gate {

inline experiment::Contender server(const char* id) {
    experiment::Contender server;
    server.id = server.title = id;
    server.command = {std::string("kvduel-") + id, "--listen", "127.0.0.1:{port}"};
    server.options = {{"store", "--store"}, {"work_cpu_us", "--work-cpu-us"}};
    return server;
}

/// For tests: two servers, a closed loop and an open one that sets work_cpu_us itself.
inline GateRequest two_servers() {
    GateRequest request;
    request.run.contenders = {server("threads"), server("async")};
    request.run.suite.id = "ci";
    request.run.suite.scenarios.resize(2);
    request.run.suite.scenarios[0].id = "hot-get";
    request.run.suite.scenarios[0].cells.resize(1);
    request.run.suite.scenarios[1].id = "tail-at-load";
    experiment::Parameters& open = request.run.suite.scenarios[1].cells.emplace_back();
    open.loop = experiment::Loop::kOpen;
    open.rate_per_s = 1'000;
    open.server["work_cpu_us"] = "20";
    request.tolerances.rows = {{"throughput_rps", "", 0.08}, {"latency_p99_us", "", 0.3}};
    return request;
}

inline std::vector<ServerBuild> builds_of(const GateRequest& request) {
    std::vector<ServerBuild> builds;
    for (const experiment::Contender& one : request.run.contenders)
        for (const std::string_view side : {kBase, kHead}) {
            const std::string path = "/" + std::string(side) + "/" + one.command.front();
            builds.push_back({one.id, side, {{path, "sha of " + path}}, std::nullopt});
        }
    return builds;
}

/// Trials of `blocks` blocks of all duels, head's figures those of base times `ratio` in the first duel
/// (threads, hot-get). In odd blocks head runs first.
inline std::vector<experiment::TrialRecord> trials_of(const GateRequest& request, const Duellists& duellists,
                                                      unsigned blocks, double throughput, double tail = 1) {
    std::vector<experiment::TrialRecord> trials;
    for (unsigned block = 1; block <= blocks; ++block) {
        unsigned place = 0;
        for (std::size_t i = 0; i < duellists.duels.size(); ++i)
            for (const bool is_head : {block % 2 == 1, block % 2 == 0}) {
                const Duel& duel = duellists.duels[i];
                experiment::TrialRecord& trial = trials.emplace_back();
                trial.scenario = request.run.suite.scenarios[duel.scenario].id;
                trial.parameters = request.run.suite.scenarios[duel.scenario].cells[duel.cell];
                trial.contender = duellists.contenders[is_head ? duel.head : duel.base].id;
                trial.block = block;
                trial.order_in_block = ++place;
                const bool is_changed = i == 0 && is_head;
                trial.throughput_rps = 1'000 * (1 + 0.001 * block) * (is_changed ? throughput : 1);
                trial.latency.p99_us = 500 * (is_changed ? tail : 1);
            }
    }
    return trials;
}

} // namespace kvduel::gate
