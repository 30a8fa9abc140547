#include "harness/cli/command.hpp"
#include "harness/cli/command_line.hpp"
#include "harness/cli/format_flag.hpp"
#include "harness/cli/gate_folder.hpp"
#include "harness/cli/progress_line.hpp"
#include "harness/cli/report_sink.hpp"
#include "harness/cli/run_contenders.hpp"
#include "harness/cli/values.hpp"
#include "harness/experiment/doctor.hpp"
#include "harness/experiment/server/interrupts.hpp"
#include "harness/experiment/text/time_text.hpp"
#include "harness/gate/run_gate.hpp"
#include "harness/report/gate/gate_text.hpp"
#include "harness/report/readers/counts_reader.hpp"
#include "harness/report/readers/server_reader.hpp"
#include "harness/report/readers/suite_reader.hpp"
#include "harness/report/readers/tolerance_reader.hpp"
#include "harness/report/text/printable.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace kvduel::cli {
namespace {

/// What the flags of `kvduel gate` say.
struct GateFlags {
    std::string suite = "ci";
    std::string tolerances;
    std::string counts;
    gate::Counts work; ///< the second witness
    std::string out;
    std::optional<std::vector<std::string>> contenders;
    std::optional<double> duration_s;
    gate::GateRequest request;
    bool is_annotated = false;
    bool is_progress_wanted = true;
};

/// The words of --base-args and --head-args.
Take take_words(std::vector<std::string>& words) {
    return [&words](const std::string& text) -> Outcome {
        auto split = split_words(text);
        if (!split)
            return bad_value("no word in it, or a quote is not closed", "flags, such as \"--store sharded\"");
        words = *std::move(split);
        return ok();
    };
}

/// "9m", "540", "540s".
Take take_budget(double& seconds) {
    return [&seconds](const std::string& text) -> Outcome {
        const bool has_unit = text.ends_with('m') || text.ends_with('s');
        const std::string number = has_unit ? text.substr(0, text.size() - 1) : text;
        const double factor = text.ends_with('m') ? 60 : 1;
        return take_number(1, 86'400, "seconds, or minutes as 9m",
                           [&](double n) { seconds = n * factor; })(number);
    };
}

Take take_switch(bool& is_on) {
    return [&is_on](const std::string&) {
        is_on = true;
        return ok();
    };
}

std::vector<Flag> flags_into(GateFlags& flags) {
    gate::GateRequest& request = flags.request;
    return {
        {"--base-build", "DIR", "the build before the change: the folder of its servers, or of their bin/",
         take_text([&](auto folder) { request.base.folder = std::move(folder); })},
        {"--head-build", "DIR", "the build with the change",
         take_text([&](auto folder) { request.head.folder = std::move(folder); })},
        {"--suite", "SUITE", "a built-in suite or a file [ci]",
         take_text([&](auto suite) { flags.suite = std::move(suite); })},
        {"--contenders", "IDS", "the servers that duel with themselves [the suite's]",
         take_ids([&](auto ids) { flags.contenders = std::move(ids); })},
        {"--base-args", "FLAGS", "more flags for base's servers", take_words(request.base.arguments)},
        {"--head-args", "FLAGS", "more flags for head's servers", take_words(request.head.arguments)},
        {"--aa", "", "allow the same build on both sides", take_switch(request.allows_same)},
        {"--allow-dirty", "", "allow a build of changed files; nothing is kept, and only at a terminal",
         take_switch(request.allows_dirty)},
        {"--duration", "S", "measured seconds of each trial [the suite's]; longer ones are less noisy",
         take_number(0.001, 86'400, "seconds", [&](double s) { flags.duration_s = s; })},
        {"--budget", "TIME", "begin no look but the first that would end later, such as 9m or 540 [9m]",
         take_budget(request.budget_s)},
        {"--tolerances", "FILE", "how much worse head may be [built in: harness/gate/tolerances.json]",
         take_text([&](auto path) { flags.tolerances = std::move(path); })},
        {"--counts", "FILE",
         "what the servers do for a request, by scripts/count_instructions.sh: shown beside the times",
         take_text([&](auto path) { flags.counts = std::move(path); })},
        {"--seed", "N", "of keys, mixes and the order of trials [1]",
         take_integer(0, std::numeric_limits<std::uint64_t>::max(),
                      [&](std::uint64_t n) { request.run.seed = n; })},
        {"--server-cpus", "LIST", "CPUs of the servers, such as 0-1 [half of the cores]",
         take_cpus([&](auto cpus) { request.run.server_cpus = std::move(cpus); })},
        {"--load-cpus", "LIST", "CPUs of the load generator [the other half]",
         take_cpus([&](auto cpus) { request.run.load_cpus = std::move(cpus); })},
        {"--out", "DIR", "report.json, gate.json, junit.xml, summary.md [results/<UTC time>-gate]",
         take_text([&](auto folder) { flags.out = std::move(folder); })},
        {"--annotations", "", "print GitHub's annotations as well", take_switch(flags.is_annotated)},
        {"--even-if-busy", "", "measure on a machine that is too busy for it (kvduel doctor)",
         take_switch(request.run.runs_even_if_busy)},
        no_progress_flag(flags.is_progress_wanted),
    };
}

Outcome check_flags(const GateFlags& flags) {
    for (const auto& [flag, folder] : {std::pair("--base-build", &flags.request.base.folder),
                                       std::pair("--head-build", &flags.request.head.folder)})
        if (folder->empty()) return Error{ErrorKind::kUsage, "", fmt::format("gate needs {} DIR", flag), ""};
    if (!flags.request.allows_dirty) return ok();
    if (::isatty(STDOUT_FILENO) == 0 || !flags.out.empty())
        return Error{ErrorKind::kUsage, "--allow-dirty", "allowed at a terminal alone, and without --out",
                     "what a build of changed files says must not be kept: commit and build again"};
    return ok();
}

/// Rows for scenarios that are not in the suite, which judge nothing: one misspelt would leave its metric
/// out.
std::vector<std::string> unused_tolerances(const gate::Tolerances& tolerances,
                                           const experiment::Suite& suite) {
    std::vector<std::string> warnings;
    for (const gate::Tolerance& row : tolerances.rows)
        if (!row.scenario.empty() && std::ranges::find(suite.scenarios, row.scenario,
                                                       &experiment::Scenario::id) == suite.scenarios.end())
            warnings.push_back(
                fmt::format("tolerance_unused: {} of scenario {}, which the suite {} does not have",
                            row.metric, row.scenario, suite.id));
    return warnings;
}

Outcome complete(GateFlags& flags) {
    gate::GateRequest& request = flags.request;
    Result<experiment::Suite> suite = report::load_suite(flags.suite);
    if (!suite) return suite.error();
    auto contenders = choose_contenders(*suite, flags.contenders, {});
    if (!contenders) return contenders.error();
    Result<gate::Tolerances> tolerances = report::load_tolerances(flags.tolerances);
    if (!tolerances) return tolerances.error();
    request.tolerances = *std::move(tolerances);
    if (!flags.tolerances.empty()) request.warnings = unused_tolerances(request.tolerances, *suite);
    if (!flags.counts.empty()) {
        auto counts = report::read_counts(flags.counts);
        if (!counts) return counts.error();
        flags.work = *std::move(counts);
    }
    if (flags.duration_s) suite->measure_for(*flags.duration_s);
    request.run.suite = *std::move(suite);
    request.run.contenders = *std::move(contenders);
    request.run.examine = [](const experiment::CpuPlan& cpus, unsigned connections) {
        experiment::DoctorScene scene =
            experiment::make_scene(experiment::FactTree(), cpus.server, cpus.load);
        scene.connections = connections;
        return experiment::examine(scene, true, nullptr, experiment::Interrupts::stop());
    };
    return ok();
}

int exit_code_of(const gate::GateEnd& end) {
    if (end.is_interrupted) return exit_code(ErrorKind::kInterrupted);
    if (end.write_error) return exit_code(end.write_error->kind);
    return gate::exit_code(end.result.verdict);
}

Result<gate::GateEnd> run(const GateFlags& flags, experiment::ReportSink& sink) {
    const experiment::Interrupts interrupts;
    auto progress = make_progress(flags.is_progress_wanted);
    return gate::run_gate(flags.request, report::json_readers(), sink, *progress,
                          experiment::Interrupts::stop());
}

/// A gate that was refused before it measured has its verdict in the folder that was named as well: a job's
/// page and its test report must say why there is none. A mistake in the command line is told on stderr
/// alone.
void tell_refusal(const GateFlags& flags, const Error& error) {
    const bool is_busy = error.kind == ErrorKind::kBusy;
    if (!is_busy && error.kind != ErrorKind::kInvalid && error.kind != ErrorKind::kUnavailable &&
        error.kind != ErrorKind::kBadInput)
        return;
    gate::GateResult result;
    result.verdict = is_busy ? gate::GateVerdict::kInconclusive : gate::GateVerdict::kInvalid;
    result.reasons = {message(error)};
    experiment::RunReport report;
    report.suite.id = report::printable(flags.suite);
    report.run.argv = flags.request.run.argv;
    const report::GateView view{result, report, exit_code(error.kind), {}};
    if (flags.is_annotated) fmt::print("{}", report::gate_annotations(view));
    if (flags.out.empty()) return;
    // Where even that cannot be written, the refusal is still the news.
    static_cast<void>(GateFolder(flags.out).write_verdict(view));
}

Result<int> run_and_tell(const GateFlags& flags) {
    const bool is_kept = !flags.request.allows_dirty;
    const std::string out =
        flags.out.empty() ? "results/" + experiment::compact_time(std::chrono::system_clock::now()) + "-gate"
                          : flags.out;
    GateFolder folder(out);
    NoSink none;
    auto end = run(flags, is_kept ? static_cast<experiment::ReportSink&>(folder) : none);
    if (!end) return end.error();
    const auto work = gate::counts_for(end->result, flags.work);
    const report::GateView view{end->result, end->report, exit_code_of(*end), work};
    // The files first: a terminal that is gone must not cost them.
    const Outcome written = is_kept && !end->write_error ? folder.write_verdict(view) : ok();
    fmt::print("{}", report::gate_table(view));
    if (flags.is_annotated) fmt::print("{}", report::gate_annotations(view));
    if (end->write_error) return *end->write_error;
    if (!written) return written.error();
    if (!is_kept) return view.exit_code;
    fmt::print("Gate: {}/ (summary.md, gate.json, junit.xml, report.json)\n", out);
    return view.exit_code;
}

} // namespace

Result<int> gate_command(std::span<const std::string> arguments, std::span<const std::string> argv) {
    GateFlags flags;
    const auto parsed = parse_command_line(
        "gate", "Duels two builds of the servers and says whether head is worse than base.", Positional{},
        flags_into(flags), arguments);
    if (!parsed) return parsed.error();
    if (*parsed == Parsed::kHelpShown) return 0;
    if (Outcome sound = check_flags(flags); !sound) return sound.error();
    flags.request.run.argv.assign(argv.begin(), argv.end());
    const Outcome completed = complete(flags);
    Result<int> code = completed ? run_and_tell(flags) : Result<int>(completed.error());
    if (!code) tell_refusal(flags, code.error());
    return code;
}

} // namespace kvduel::cli
