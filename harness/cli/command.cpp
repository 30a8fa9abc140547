#include "harness/cli/command.hpp"

#include "core/support/build_info.hpp"
#include "harness/report/text/nearest_name.hpp"
#include "harness/report/text/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <vector>

namespace kvduel::cli {
namespace {

constexpr std::array<Command, 8> kCommands{{
    {"run", "run SUITE", "run a suite, a built-in one or a file: the main job", run_command},
    {"load", "load URL", "one ad-hoc trial against any HTTP server", load_command},
    {"compare", "compare BASE HEAD", "two reports: is what a contender is to another worse in head?",
     compare_command},
    {"gate", "gate", "duel two builds: is head worse than base? for a CI job", gate_command},
    {"show", "show REPORT", "print a report's tables again", show_command},
    {"check", "check REPORT", "validate a report against its schema and its own arithmetic", check_command},
    {"doctor", "doctor", "is this machine fit to measure? ceiling, timers, noise, limits", doctor_command},
    {"list", "list WHAT", "list suites, scenarios, contenders, stores, workloads or metrics", list_command},
}};

std::string help() {
    std::string text = "kvduel: when does a thread-per-request server beat an async one?\n\n";
    for (const Command& command : kCommands)
        text += fmt::format("  kvduel {:<17} {}\n", command.usage, command.summary);
    return text + "\nkvduel COMMAND --help shows a command's flags; kvduel --version what this binary is "
                  "built from.\n";
}

Error no_such_command(const std::string& name) {
    std::vector<std::string_view> names;
    for (const Command& command : kCommands) names.push_back(command.name);
    const auto nearest = report::nearest_name(name, names);
    return {ErrorKind::kUsage, "",
            fmt::format("{} is not a command; allowed: {}", report::in_quotes(name), fmt::join(names, ", ")),
            nearest ? fmt::format("did you mean {}?", *nearest) : ""};
}

Result<int> dispatch(std::span<const std::string> argv) {
    if (argv.size() < 2)
        return Error{ErrorKind::kUsage, "",
                     "no command; allowed: run, load, compare, gate, show, check, doctor, list",
                     "kvduel --help shows more"};
    const std::string& name = argv[1];
    if (name == "--help" || name == "--version") {
        const std::string text = name == "--help" ? help() : version_line("kvduel") + "\n";
        std::fputs(text.c_str(), stdout);
        return 0;
    }
    const auto found = std::ranges::find(kCommands, name, &Command::name);
    if (found == kCommands.end()) return no_such_command(name);
    return found->run(argv.subspan(2), argv);
}

} // namespace

int run_kvduel(std::span<const std::string> argv) {
    const Result<int> end = dispatch(argv);
    if (end) return *end;
    fmt::print(stderr, "kvduel: {}\n", report::printable(message(end.error())));
    return exit_code(end.error().kind);
}

} // namespace kvduel::cli
