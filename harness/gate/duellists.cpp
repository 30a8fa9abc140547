#include "harness/gate/duellists.hpp"

#include "harness/experiment/plan/trial_order.hpp"

#include <algorithm>

namespace kvduel::gate {

namespace {

using experiment::Contender;
using experiment::Parameters;

class Maker {
public:
    Maker(const GateRequest& request, const std::vector<ServerBuild>& builds)
        : request_(request), builds_(builds) {}

    Duellists make() {
        const auto& scenarios = request_.run.suite.scenarios;
        for (std::size_t scenario = 0; scenario < scenarios.size(); ++scenario)
            for (std::size_t cell = 0; cell < scenarios[scenario].cells.size(); ++cell)
                for (std::size_t server = 0; server < request_.run.contenders.size(); ++server)
                    add(scenario, cell, server);
        return std::move(made_);
    }

private:
    void add(std::size_t scenario, std::size_t cell, std::size_t server) {
        const Parameters& parameters = request_.run.suite.scenarios[scenario].cells[cell];
        const std::string& id = request_.run.suite.scenarios[scenario].id;
        const Contender& suites_own = request_.run.contenders[server];
        if (!experiment::missing_options(suites_own, parameters).empty())
            return note(id + ": \"" + suites_own.id + "\" is left out, as it misses an option of the cell");
        Duel duel{scenario, cell, server, 0, 0};
        duel.base = place_of(2 * server, request_.base, parameters, id);
        duel.head = place_of(2 * server + 1, request_.head, parameters, id);
        made_.duels.push_back(duel);
    }

    /// The contender of a build in a cell, made if there is none yet with these arguments.
    std::size_t place_of(std::size_t build, const SideRequest& side, const Parameters& cell,
                         const std::string& scenario) {
        Contender contender = request_.run.contenders[build / 2];
        contender.id = contender_id(contender.id, builds_[build].side);
        contender.title += " of " + std::string(builds_[build].side);
        contender.command.front() = builds_[build].links.front().executable;
        std::vector<std::string> arguments = side.arguments;
        for (const auto& [name, value] : cell.server) {
            const auto flag = contender.options.find(name);
            if (flag == contender.options.end() || flag->second.empty()) continue;
            const std::size_t before = arguments.size();
            arguments = without_flag(std::move(arguments), flag->second);
            if (arguments.size() != before)
                note(scenario + ": " + flag->second + " of --" + std::string(builds_[build].side) +
                     "-args gives way to the scenario's own " + value);
        }
        contender.command.insert(contender.command.end(), arguments.begin(), arguments.end());
        const auto known = std::ranges::find(made_.contenders, contender);
        if (known != made_.contenders.end())
            return static_cast<std::size_t>(known - made_.contenders.begin());
        made_.contenders.push_back(std::move(contender));
        made_.builds.push_back(build);
        return made_.contenders.size() - 1;
    }

    void note(const std::string& text) {
        if (std::ranges::find(made_.notes, text) == made_.notes.end()) made_.notes.push_back(text);
    }

    const GateRequest& request_;
    const std::vector<ServerBuild>& builds_;
    Duellists made_;
};

} // namespace

std::string contender_id(const std::string& server, std::string_view side) {
    return server + "-" + std::string(side);
}

std::vector<std::string> without_flag(std::vector<std::string> arguments, const std::string& flag) {
    for (auto at = arguments.begin(); at != arguments.end();) {
        if (at->starts_with(flag + "=")) {
            at = arguments.erase(at);
        } else if (*at == flag) {
            at = arguments.erase(at);
            if (at != arguments.end() && !at->starts_with("--")) at = arguments.erase(at);
        } else {
            ++at;
        }
    }
    return arguments;
}

Duellists make_duellists(const GateRequest& request, const std::vector<ServerBuild>& builds) {
    return Maker(request, builds).make();
}

} // namespace kvduel::gate
