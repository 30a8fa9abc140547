#include "harness/cli/command.hpp"
#include "harness/cli/command_line.hpp"
#include "harness/cli/format_flag.hpp"
#include "harness/cli/report_sink.hpp"
#include "harness/cli/terminal.hpp"
#include "harness/cli/values.hpp"
#include "harness/experiment/doctor.hpp"
#include "harness/experiment/doctor/doctor_noise.hpp"
#include "harness/experiment/run/run_setting.hpp"
#include "harness/experiment/server/interrupts.hpp"
#include "harness/load/check_plan.hpp"
#include "harness/report/readers/contender_reader.hpp"
#include "harness/report/readers/server_reader.hpp"
#include "harness/report/tables/doctor_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <vector>

namespace kvduel::cli {
namespace {

/// What the flags of `kvduel doctor` say.
struct DoctorFlags {
    bool is_quick = false;
    std::optional<std::vector<int>> server_cpus;
    std::optional<std::vector<int>> load_cpus;
    unsigned connections = 64;
    std::optional<double> planned_rps;
    report::Format format = report::Format::kTable;
    bool is_progress_wanted = true;
};

std::vector<Flag> flags_into(DoctorFlags& doctor) {
    return {
        {"--quick", "", "only what kvduel run checks before its first trial, about a second",
         [&](const std::string&) {
             doctor.is_quick = true;
             return ok();
         }},
        {"--server-cpus", "LIST", "CPUs of the servers, such as 0-1 [half of the cores]",
         take_cpus([&](auto cpus) { doctor.server_cpus = std::move(cpus); })},
        {"--load-cpus", "LIST", "CPUs of the load generator [the other half]",
         take_cpus([&](auto cpus) { doctor.load_cpus = std::move(cpus); })},
        {"--connections", "N", "that a run is to have [64]",
         take_integer(1, load::kMaxConnections,
                      [&](std::uint64_t n) { doctor.connections = static_cast<unsigned>(n); })},
        {"--rate", "R", "requests per second that are to be offered, judged against the ceiling",
         take_number(0.001, 1e9, "requests per second", [&](double rate) { doctor.planned_rps = rate; })},
        format_flag(doctor.format),
        no_progress_flag(doctor.is_progress_wanted),
    };
}

/// Says on stderr what is being measured: one live line on a terminal, else a line for each check that takes
/// over a second.
class DoctorProgressLine final : public experiment::Progress {
public:
    explicit DoctorProgressLine(bool is_wanted)
        : is_wanted_(is_wanted), is_live_(is_wanted && is_terminal(STDERR_FILENO)) {}
    ~DoctorProgressLine() override { show(""); }

    void check_started(const experiment::DoctorCheck& check) {
        const std::string text = fmt::format("measuring {}, about {:.0f} s", check.name, check.expected_s);
        if (is_live_ && check.expected_s > 0) show(text);
        if (!is_live_ && is_wanted_ && check.expected_s > 1) fmt::print(stderr, "{}\n", text);
        check_ = check.name;
    }
    void trial_started(const experiment::Position& position) override {
        show(fmt::format("[{}/{}] measuring {}, {:.0f} s left", position.trial, position.trials, check_,
                         position.left_s));
    }

private:
    void show(const std::string& text) const {
        if (is_live_) show_live(text);
    }

    bool is_wanted_;
    bool is_live_;
    std::string_view check_;
};

std::optional<experiment::Contender> builtin_contender(std::string_view id) {
    const auto& known = report::builtin_contenders();
    const auto found = std::ranges::find(known, id, &experiment::Contender::id);
    return found == known.end() ? std::nullopt : std::optional(*found);
}

Result<experiment::DoctorScene> make_scene(const DoctorFlags& doctor, experiment::Progress& progress) {
    experiment::DoctorScene scene =
        experiment::make_scene(experiment::FactTree(), doctor.server_cpus, doctor.load_cpus);
    for (const auto& [named, flag] :
         {std::pair(&doctor.server_cpus, "--server-cpus"), std::pair(&doctor.load_cpus, "--load-cpus")})
        if (const Outcome allowed = experiment::check_cpus(scene.cores, *named, flag); !allowed)
            return allowed.error();
    scene.connections = doctor.connections;
    scene.planned_rps = doctor.planned_rps;
    if (!doctor.is_quick) scene.spin = std::chrono::seconds(1);
    scene.floor = builtin_contender("null");
    scene.server = builtin_contender("async");
    scene.run_trials = [&progress](const experiment::RunRequest& request) {
        NoSink sink;
        return experiment::run_suite(request, report::json_readers(), sink, progress,
                                     experiment::Interrupts::stop());
    };
    return scene;
}

/// Prints what was found and gives the exit code.
Result<int> show(const experiment::DoctorScene& scene, std::vector<experiment::DoctorFinding> findings,
                 report::Format format) {
    experiment::Environment environment = scene.environment;
    environment.doctor = std::move(findings);
    const std::string text =
        report::render_doctor(experiment::this_tool(), environment, format, may_be_coloured(STDOUT_FILENO));
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
    return experiment::busy_reasons(environment.doctor).empty() ? 0 : exit_code(ErrorKind::kBusy);
}

} // namespace

Result<int> doctor_command(std::span<const std::string> arguments, std::span<const std::string>) {
    DoctorFlags doctor;
    const auto parsed = parse_command_line("doctor", "Is this machine fit to measure?", Positional{},
                                           flags_into(doctor), arguments);
    if (!parsed) return parsed.error();
    if (*parsed == Parsed::kHelpShown) return 0;
    const experiment::Interrupts interrupts;
    std::optional<DoctorProgressLine> progress(std::in_place, doctor.is_progress_wanted);
    const auto scene = make_scene(doctor, *progress);
    if (!scene) return scene.error();
    auto findings = experiment::examine(
        *scene, doctor.is_quick,
        [&](const experiment::DoctorCheck& check) { progress->check_started(check); },
        experiment::Interrupts::stop());
    progress.reset();
    if (experiment::Interrupts::stop())
        return Error{ErrorKind::kInterrupted, "", "interrupted before all checks were made", ""};
    return show(*scene, std::move(findings), doctor.format);
}

} // namespace kvduel::cli
