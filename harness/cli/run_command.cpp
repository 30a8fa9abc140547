#include "harness/cli/command.hpp"
#include "harness/cli/command_line.hpp"
#include "harness/cli/finish_run.hpp"
#include "harness/cli/format_flag.hpp"
#include "harness/cli/report_sink.hpp"
#include "harness/cli/run_contenders.hpp"
#include "harness/cli/target.hpp"
#include "harness/cli/values.hpp"
#include "harness/experiment/doctor.hpp"
#include "harness/experiment/run/resume.hpp"
#include "harness/experiment/server/interrupts.hpp"
#include "harness/report/check/check_report.hpp"
#include "harness/report/readers/suite_reader.hpp"
#include "harness/report/report_file.hpp"
#include "harness/report/text/shell_word.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <cstdio>
#include <limits>
#include <optional>
#include <vector>

namespace kvduel::cli {
namespace {

constexpr std::uint64_t kUsualSeed = 1;

/// What the flags of `kvduel run` say.
struct RunFlags {
    std::string suite;
    std::optional<std::vector<std::string>> contenders;
    std::vector<experiment::Contender> own;
    std::optional<unsigned> repetitions;
    std::optional<double> duration_s;
    std::optional<std::uint64_t> seed;
    std::optional<std::vector<int>> server_cpus;
    std::optional<std::vector<int>> load_cpus;
    report::Format format = report::Format::kTable;
    std::string out;
    std::string resume;
    bool runs_even_if_busy = false;
    bool is_progress_wanted = true;
};

std::vector<Flag> flags_into(RunFlags& run) {
    return {
        {"--contenders", "IDS",
         "those that run, with commas between them, beside the two below [the suite's]",
         take_ids([&](auto ids) { run.contenders = std::move(ids); })},
        {"--contender", "ID=COMMAND", "one more, started by COMMAND; {port} in it is replaced; repeatable",
         take_own_contender([&](auto contender) { run.own.push_back(std::move(contender)); }), true},
        {"--target", "URL", "one more, which runs already at http://HOST:PORT; its id is target",
         take_target([&](auto contender) { run.own.push_back(std::move(contender)); })},
        {"--repetitions", "N", "blocks [the suite's]",
         take_integer(1, 1'000, [&](std::uint64_t n) { run.repetitions = static_cast<unsigned>(n); })},
        {"--seed", "N", "of keys, mixes and the order of trials [1]",
         take_integer(0, std::numeric_limits<std::uint64_t>::max(), [&](std::uint64_t n) { run.seed = n; })},
        {"--duration", "S", "measured seconds of each trial [the suite's]",
         take_number(0.001, 86'400, "seconds", [&](double s) { run.duration_s = s; })},
        {"--server-cpus", "LIST", "CPUs of the servers, such as 0-1 [half of the cores]",
         take_cpus([&](auto cpus) { run.server_cpus = std::move(cpus); })},
        {"--load-cpus", "LIST", "CPUs of the load generator [the other half]",
         take_cpus([&](auto cpus) { run.load_cpus = std::move(cpus); })},
        format_flag(run.format),
        {"--out", "PATH", "the report, gzip if PATH ends in .gz [results/<UTC time>-<suite>.json]",
         take_text([&](auto path) { run.out = std::move(path); })},
        {"--resume", "REPORT", "go on with the run of REPORT: the trials that it misses, into the same file",
         take_text([&](auto path) { run.resume = std::move(path); })},
        {"--even-if-busy", "", "measure on a machine that is too busy for it (kvduel doctor)",
         [&](const std::string&) {
             run.runs_even_if_busy = true;
             return ok();
         }},
        no_progress_flag(run.is_progress_wanted),
    };
}

/// What a report is continued with stands in it.
Outcome check_resume_flags(const RunFlags& run) {
    const std::pair<const char*, bool> given[] = {
        {"--contenders", run.contenders.has_value()},   {"--contender or --target", !run.own.empty()},
        {"--repetitions", run.repetitions.has_value()}, {"--seed", run.seed.has_value()},
        {"--duration", run.duration_s.has_value()},     {"--server-cpus", run.server_cpus.has_value()},
        {"--load-cpus", run.load_cpus.has_value()},     {"--out", !run.out.empty()}};
    for (const auto& [flag, is_given] : given)
        if (is_given)
            return Error{ErrorKind::kUsage, flag, "belongs to a new run; --resume takes it from the report",
                         ""};
    return ok();
}

/// The request that made the report, with the report.
Result<experiment::RunRequest> make_resume_request(const RunFlags& run) {
    if (const Outcome alone = check_resume_flags(run); !alone) return alone.error();
    Result<experiment::RunReport> report = report::read_report(run.resume);
    if (!report) return report.error();
    if (const Outcome sound = report::check_report(*report, run.resume); !sound) return sound.error();
    experiment::RunRequest request;
    request.suite = experiment::suite_asked_for(*report);
    for (const experiment::Contender& contender : report->contenders) {
        if (contender.target)
            return Error{ErrorKind::kUsage, "--resume " + run.resume,
                         "has a server in it that ran already, and whose state is not known now",
                         "measure again"};
        request.contenders.push_back(contender);
    }
    if (!run.suite.empty()) {
        Result<experiment::Suite> named = report::load_suite(run.suite);
        if (!named) return named.error();
        request.suite = *std::move(named);
        request.suite.repetitions = report->suite.repetitions;
    }
    request.seed = report->run.seed;
    request.argv = report->run.argv;
    request.server_cpus = report->environment.server_cpus;
    request.load_cpus = report->environment.load_cpus;
    request.resumed = *std::move(report);
    return request;
}

Result<experiment::RunRequest> make_new_request(const RunFlags& run, std::span<const std::string> argv) {
    Result<experiment::Suite> suite = report::load_suite(run.suite);
    if (!suite) return suite.error();
    auto contenders = choose_contenders(*suite, run.contenders, run.own);
    if (!contenders) return contenders.error();
    for (const experiment::Contender& contender : *contenders) {
        const Outcome reached = contender.target ? check_reachable(*contender.target) : ok();
        if (!reached) return reached.error();
    }
    experiment::RunRequest request;
    request.suite = *std::move(suite);
    request.contenders = *std::move(contenders);
    request.suite.repetitions = run.repetitions.value_or(request.suite.repetitions);
    if (run.duration_s) request.suite.measure_for(*run.duration_s);
    request.seed = run.seed.value_or(kUsualSeed);
    request.argv.assign(argv.begin(), argv.end());
    request.server_cpus = run.server_cpus;
    request.load_cpus = run.load_cpus;
    return request;
}

Result<experiment::RunRequest> make_request(const RunFlags& run, std::span<const std::string> argv) {
    if (run.suite.empty() && run.resume.empty())
        return Error{ErrorKind::kUsage, "",
                     "run needs its SUITE: a built-in suite (kvduel list suites) or a file", ""};
    Result<experiment::RunRequest> made =
        run.resume.empty() ? make_new_request(run, argv) : make_resume_request(run);
    if (!made) return made;
    experiment::RunRequest& request = *made;
    request.runs_even_if_busy = run.runs_even_if_busy;
    request.examine = [](const experiment::CpuPlan& cpus, unsigned connections) {
        experiment::DoctorScene scene =
            experiment::make_scene(experiment::FactTree(), cpus.server, cpus.load);
        scene.connections = connections;
        return experiment::examine(scene, true, nullptr, experiment::Interrupts::stop());
    };
    return made;
}

/// The report, and what makes figures and a page of it.
void name_report(std::FILE* out, const std::string& path) {
    const std::string word = report::shell_word(path);
    fmt::print(out,
               "Report: {}\nFigures: scripts/plot.py {} --out figures\n"
               "Page: scripts/report.py {} --out page.html\n",
               path, word, word);
}

} // namespace

Result<int> run_command(std::span<const std::string> arguments, std::span<const std::string> argv) {
    RunFlags run;
    const Positional suite{"SUITE", "a built-in suite (kvduel list suites) or a file",
                           take_text([&](auto name) { run.suite = std::move(name); }), true};
    const auto parsed =
        parse_command_line("run", "Runs a suite and writes its report.", suite, flags_into(run), arguments);
    if (!parsed) return parsed.error();
    if (*parsed == Parsed::kHelpShown) return 0;
    const auto request = make_request(run, argv);
    if (!request) return request.error();
    RunSink sink(run.resume.empty() ? run.out : run.resume);
    Result<int> end = run_and_show(*request, sink, run.format, run.is_progress_wanted);
    // Beside other formats than the table, stdout holds that format alone.
    if (end) name_report(run.format == report::Format::kTable ? stdout : stderr, sink.path());
    return end;
}

} // namespace kvduel::cli
