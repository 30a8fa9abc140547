#include "harness/cli/command.hpp"
#include "harness/cli/command_line.hpp"
#include "harness/cli/finish_run.hpp"
#include "harness/cli/format_flag.hpp"
#include "harness/cli/report_sink.hpp"
#include "harness/cli/target.hpp"
#include "harness/cli/url.hpp"
#include "harness/cli/values.hpp"
#include "harness/load/check_plan.hpp"
#include "harness/report/json/words.hpp"
#include "harness/report/json/workload_text.hpp"
#include "harness/workload/keys.hpp"
#include "harness/workload/workloads.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

namespace kvduel::cli {
namespace {

constexpr std::uint64_t kLargestSeed = std::numeric_limits<std::uint64_t>::max();

/// What the flags of `kvduel load` say.
struct LoadFlags {
    Url url;
    experiment::Parameters cell;
    std::optional<std::string> path;
    std::string workload_flag; ///< the last flag that describes keys and values, if any
    bool is_preload_wanted = true;
    bool are_arrivals_given = false;
    std::uint64_t seed = 1;
    std::optional<std::vector<int>> load_cpus;
    report::Format format = report::Format::kTable;
    std::string out;
    bool is_progress_wanted = true;
};

/// A rate makes the loop an open one.
Take take_rate(experiment::Parameters& cell) {
    return [&cell](const std::string& text) -> Outcome {
        if (const auto spelled_out = without_multiplier(text); !spelled_out.empty())
            return Error{ErrorKind::kUsage, "", "not a number", "write --rate " + spelled_out};
        return take_number(workload::kLeastRate, workload::kMostRate, "requests per second",
                           [&cell](double rate) {
                               cell.rate_per_s = rate;
                               cell.loop = experiment::Loop::kOpen;
                           })(text);
    };
}

Take take_arrivals(LoadFlags& load) {
    return [&load](const std::string& text) -> Outcome {
        const auto* const row =
            std::ranges::find(report::kArrivalsWords, text, &report::Word<workload::ArrivalKind>::first);
        if (row == report::kArrivalsWords.end()) return bad_value("not arrivals", "constant, poisson");
        load.cell.arrivals = row->second;
        load.are_arrivals_given = true;
        return ok();
    };
}

Take take_background(experiment::Parameters& cell) {
    return [&cell](const std::string& text) -> Outcome {
        const std::size_t colon = text.find(':');
        const std::string kind = text.substr(0, colon);
        const auto* const row =
            std::ranges::find(report::kBackgroundWords, kind, &report::Word<load::BackgroundKind>::first);
        if (row == report::kBackgroundWords.end() || colon == std::string::npos)
            return bad_value("not a background", "KIND:N with KIND idle, slow-readers, slow-senders, noise");
        if (cell.background.size() == load::kMaxBackgrounds)
            return bad_value("one too many", std::to_string(load::kMaxBackgrounds) + " backgrounds");
        return take_integer(1, load::kMaxConnections, [&](std::uint64_t n) {
            cell.background.push_back({row->second, static_cast<unsigned>(n)});
        })(text.substr(colon + 1));
    };
}

std::vector<Flag> loop_flags(LoadFlags& load) {
    experiment::Parameters& cell = load.cell;
    return {
        {"--connections", "N", "keep-alive connections [64]",
         take_integer(1, load::kMaxConnections,
                      [&](std::uint64_t n) { cell.connections = static_cast<unsigned>(n); })},
        {"--threads", "N", "of the load generator [1]",
         take_integer(1, load::kMaxThreads,
                      [&](std::uint64_t n) { cell.threads = static_cast<unsigned>(n); })},
        {"--load-cpus", "LIST",
         "CPUs of these threads, such as 1 or 2-3 [those of taskset; else half of the cores]",
         take_cpus([&](auto cpus) { load.load_cpus = std::move(cpus); })},
        {"--duration", "S", "measured seconds [2]",
         take_number(0.001, 86'400, "seconds", [&](double s) { cell.duration_s = s; })},
        {"--warmup", "S", "seconds before them [0.5]",
         take_number(0, 86'400, "seconds", [&](double s) { cell.warmup_s = s; })},
        {"--rate", "R", "open loop: requests per second, due whatever the server does [closed loop]",
         take_rate(cell)},
        {"--arrivals", "WORD", "of the open loop: constant or poisson [constant]", take_arrivals(load)},
        {"--pipeline", "N", "requests in flight per connection [1]",
         take_integer(1, load::kMaxPipeline,
                      [&](std::uint64_t n) { cell.pipeline = static_cast<unsigned>(n); })},
        {"--requests-per-connection", "N", "then it is closed and another opened; 0: no limit [0]",
         take_integer(0, std::uint64_t{1} << 53, [&](std::uint64_t n) { cell.requests_per_connection = n; })},
        {"--background", "KIND:N",
         "beside it: N connections, idle, slow-readers, slow-senders or noise; repeatable",
         take_background(cell), true},
        {"--timeout-ms", "N", "of one request [10000]",
         take_integer(1, 3'600'000, [&](std::uint64_t n) { cell.timeout_s = static_cast<double>(n) / 1e3; })},
        {"--expect-status", "N", "the status of a good answer [200]",
         take_integer(load::kLeastStatus, load::kMostStatus,
                      [&](std::uint64_t n) { cell.expect_status = static_cast<int>(n); })},
    };
}

/// A row of the workload's: it makes the requests those of the store's protocol instead of GETs of a path.
Flag workload_flag(LoadFlags& load, std::string name, std::string placeholder, std::string help, Take take) {
    auto take_and_note = [&load, name, take = std::move(take)](const std::string& text) -> Outcome {
        load.workload_flag = name;
        return take(text);
    };
    return {name, std::move(placeholder), std::move(help), std::move(take_and_note)};
}

Take take_workload_name(workload::Workload& workload) {
    return [&workload](const std::string& name) -> Outcome {
        const workload::Workload* row = workload::find_workload(name);
        if (row == nullptr) return bad_value("not a workload", workload::workload_names());
        workload = *row;
        return ok();
    };
}

/// `parse` gives none for a text that is not allowed.
template <typename T>
Take take_parsed(T& part, workload::Workload& workload, std::optional<T> (*parse)(std::string_view),
                 std::string_view allowed) {
    return [&part, &workload, parse, allowed](const std::string& text) -> Outcome {
        const std::optional<T> value = parse(text);
        if (!value) return bad_value("not understood", std::string(allowed));
        part = *value;
        workload.name = "custom";
        return ok();
    };
}

/// The name comes first: the others change parts of it.
std::vector<Flag> workload_flags(LoadFlags& load) {
    workload::Workload& workload = load.cell.workload;
    return {
        workload_flag(load, "--workload", "NAME",
                      "keys and values of a key-value server (kvduel list workloads)",
                      take_workload_name(workload)),
        workload_flag(load, "--keys", "N", "of the workload",
                      take_integer(1, workload::kMaxKeys,
                                   [&](std::uint64_t n) {
                                       workload.keys = n;
                                       workload.name = "custom";
                                   })),
        workload_flag(load, "--key-distribution", "WORD", "uniform or zipfian:THETA",
                      take_parsed(workload.key_distribution, workload, report::parse_key_distribution,
                                  report::kAllowedKeyDistributions)),
        workload_flag(load, "--value-bytes", "N", "of each value",
                      take_integer(0, load::kMaxValueBytes,
                                   [&](std::uint64_t n) {
                                       workload.value_bytes = n;
                                       workload.name = "custom";
                                   })),
        workload_flag(load, "--mix", "SHARES", "get=95,post=5: percent that sum to 100",
                      take_parsed(workload.mix, workload, report::parse_mix,
                                  "get=N,post=N in percent that sum to 100")),
        {"--no-preload", "", "keys are not written before the warm-up",
         [&](const std::string&) {
             load.is_preload_wanted = false;
             return ok();
         }},
        {"--path", "/KEY", "GET of this path, whatever answers [that of the URL]",
         [&](const std::string& text) -> Outcome {
             const auto url = parse_url("http://localhost" + text);
             if (!text.starts_with('/') || !url)
                 return bad_value("not a path", "a path that starts with '/', escaped");
             load.path = text;
             return ok();
         }},
    };
}

std::vector<Flag> output_flags(LoadFlags& load) {
    return {
        {"--seed", "N", "of keys and mixes [1]",
         take_integer(0, kLargestSeed, [&](std::uint64_t n) { load.seed = n; })},
        format_flag(load.format),
        {"--out", "FILE", "the report, gzip if FILE ends in .gz [none is kept]",
         take_text([&](auto path) { load.out = std::move(path); })},
        no_progress_flag(load.is_progress_wanted),
    };
}

/// GET of a path, or a workload; both at once contradict each other.
Outcome settle_workload(LoadFlags& load) {
    workload::Workload& workload = load.cell.workload;
    if (!load.path && !load.url.path.empty() && load.url.path != "/") load.path = load.url.path;
    if (!load.workload_flag.empty() && load.path)
        return Error{ErrorKind::kUsage, load.workload_flag, "a path was given as well",
                     "allowed: one of both"};
    if (load.workload_flag.empty()) {
        workload.name = "custom";
        workload.path = load.path.value_or("/");
    }
    workload.preload = load.is_preload_wanted && !workload.path;
    return ok();
}

experiment::RunRequest make_request(const LoadFlags& load, std::span<const std::string> argv) {
    const experiment::Contender target = make_target(load.url.target);
    experiment::RunRequest request;
    request.has_opening_trials = false; // one trial, of a server that runs already
    request.suite.id = "load";
    request.suite.title = "one trial";
    request.suite.repetitions = 1;
    request.suite.contenders = {target.id};
    request.suite.scenarios.push_back({"load", "one trial", "", {}, {load.cell}});
    request.contenders = {target};
    request.seed = load.seed;
    request.load_cpus = load.load_cpus;
    request.argv.assign(argv.begin(), argv.end());
    return request;
}

} // namespace

Result<int> load_command(std::span<const std::string> arguments, std::span<const std::string> argv) {
    LoadFlags load;
    load.cell.workload = workload::workloads().front();
    const Positional url{"URL", "http://HOST:PORT/PATH", [&](const std::string& text) -> Outcome {
                             auto parsed = parse_url(text);
                             if (!parsed) return parsed.error();
                             load.url = *std::move(parsed);
                             return ok();
                         }};
    std::vector<Flag> flags = loop_flags(load);
    for (auto& more : {workload_flags(load), output_flags(load)})
        flags.insert(flags.end(), more.begin(), more.end());
    const auto parsed =
        parse_command_line("load", "Runs one trial against an HTTP server.", url, flags, arguments);
    if (!parsed) return parsed.error();
    if (*parsed == Parsed::kHelpShown) return 0;
    if (load.are_arrivals_given && !load.cell.rate_per_s)
        return Error{ErrorKind::kUsage, "--arrivals", "belongs to the open loop", "give it a rate: --rate R"};
    if (const Outcome settled = settle_workload(load); !settled) return settled.error();
    if (const Outcome reached = check_reachable(load.url.target); !reached) return reached.error();
    const experiment::RunRequest request = make_request(load, argv);
    if (load.out.empty()) {
        NoSink sink;
        return run_and_show(request, sink, load.format, load.is_progress_wanted);
    }
    RunSink sink(load.out);
    return run_and_show(request, sink, load.format, load.is_progress_wanted);
}

} // namespace kvduel::cli
