#include "harness/experiment/trial/run_trial.hpp"

#include "harness/experiment/server/server_identity.hpp"
#include "harness/experiment/server/server_process.hpp"
#include "harness/experiment/server/target_server.hpp"
#include "harness/experiment/server/tcp_client.hpp"
#include "harness/experiment/text/time_text.hpp"
#include "harness/experiment/trial/check_trial.hpp"
#include "harness/experiment/trial/count_bounds.hpp"
#include "harness/experiment/trial/figures.hpp"
#include "harness/experiment/trial/latency_split.hpp"
#include "harness/experiment/trial/server_figures.hpp"
#include "harness/experiment/trial/trial_watch.hpp"
#include "harness/load/address.hpp"

#include <poll.h>

#include <array>
#include <charconv>
#include <cinttypes>
#include <cstdio>
#include <memory>
#include <optional>
#include <utility>

namespace kvduel::experiment {

namespace {

constexpr int kCountAttempts = 20; // the last answer may be out a moment before the server counts it
constexpr int kCountPauseMs = 5;

double seconds_since(TimePoint began) {
    return std::chrono::duration<double>(Clock::now() - began).count();
}

/// The time the server takes to drain and 2 s more, if the cell sets it; else the common wait.
Duration drain_limit(const Parameters& parameters, const Waits& waits) {
    const auto option = parameters.server.find("drain_timeout_ms");
    if (option == parameters.server.end()) return waits.drain;
    const std::string& text = option->second;
    std::uint32_t ms = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), ms).ec != std::errc{}) return waits.drain;
    return std::chrono::milliseconds(ms) + std::chrono::seconds(2);
}

/// One trial on its way through its steps.
class TrialRun {
public:
    TrialRun(const TrialSetup& setup, const TrialHands& hands)
        : setup_(setup), hands_(hands), began_(Clock::now()) {
        record_.contender = setup.contender.id;
        record_.parameters = setup.parameters;
        record_.started_at = rfc3339(std::chrono::system_clock::now());
        record_.latency = record_.service_time = make_time_figures({}); // each absence has its reason
        record_.send_lateness = make_lateness_figures({});
    }

    Result<TrialRecord> run() {
        const bool is_listening = start();
        if (!is_listening) leave_slices();
        if (is_listening) {
            record_.phases.ready_s = seconds_since(began_);
            const Outcome loaded = load();
            leave_slices();
            if (!loaded) return loaded.error();
        }
        stop();
        judge();
        return std::move(record_);
    }

private:
    bool start();
    void find_target();
    Outcome launch(std::uint16_t port);
    Outcome await_ready(std::uint16_t port);
    Outcome load();
    void count_requests(const load::LoadResult& load, const ServerStats& before);
    void keep(const load::LoadResult& load);
    std::string why_no_cpu(const TrialWatch& watch) const;
    void keep_watch(const TrialWatch& watch);
    void keep_machine(const MachineReading& begin, const MachineReading& end);
    void leave_slices();
    void stop();
    void judge();

    TrialSetup setup_; // of a target, with the CPUs that it is found on
    const TrialHands& hands_;
    TimePoint began_;
    TrialRecord record_;
    Evidence evidence_;
    std::unique_ptr<ServerProcess> process_;
    load::Target target_;
    std::optional<int> pid_;
    std::optional<load::LoadResult> load_;
};

bool TrialRun::start() {
    if (setup_.contender.target) {
        find_target();
        return true;
    }
    const bool is_tcp = setup_.contender.ready == Ready::kTcp;
    const std::uint16_t port = is_tcp ? find_free_port() : std::uint16_t{0};
    Outcome started = launch(port);
    if (started) started = await_ready(port);
    if (started) return true;
    if (started.error().kind != ErrorKind::kInterrupted) {
        Error error = started.error();
        error.where = "contender \"" + setup_.contender.id + "\"";
        if (process_) process_->drain_output();
        const auto said = process_ ? process_->stderr_tail() : std::vector<std::string>{};
        if (!said.empty()) error.hint = "stderr: \"" + said.back() + "\"";
        evidence_.start_error = std::move(error);
    }
    return false;
}

void TrialRun::find_target() {
    target_ = *setup_.contender.target;
    TargetServer found =
        judge_target(find_socket_owners(target_), setup_.cpus.load, setup_.parameters.threads);
    pid_ = found.pid;
    evidence_.server_cpu_absence = std::move(found.absence);
    setup_.cpus.server = std::move(found.cpus);
    setup_.are_cpus_shared = found.are_cpus_shared;
}

Outcome TrialRun::launch(std::uint16_t port) {
    record_.server_arguments = server_arguments(setup_.contender, setup_.parameters.server, port);
    auto process = ServerProcess::launch({setup_.contender.executable, record_.server_arguments,
                                          setup_.cpus.server, setup_.environment_padding});
    if (!process) return process.error();
    process_ = *std::move(process);
    pid_ = process_->pid();
    return ok();
}

Outcome TrialRun::await_ready(std::uint16_t port) {
    if (setup_.contender.ready == Ready::kTcp) {
        target_.port = port;
        return process_->await_port(target_, hands_.waits.ready, hands_.stop);
    }
    const auto announcement = process_->await_announcement(hands_.readers, hands_.waits.ready, hands_.stop);
    if (!announcement) return announcement.error();
    target_ = {announcement->host, announcement->port};
    if (const auto address = load::make_address(target_); !address)
        return Error{ErrorKind::kUnavailable, "",
                     "announced host \"" + announcement->host + "\": " + address.error().what, ""};
    if (announcement->pid) pid_ = announcement->pid;
    return ok();
}

Outcome TrialRun::load() {
    const auto before = fetch_stats(target_, hands_.readers, hands_.waits.stats);
    TrialWatch watch({process_.get(), pid_, target_, before}, hands_.readers, hands_.machine, hands_.waits,
                     hands_.stop, hands_.live, began_);
    Result<load::LoadResult> loaded = hands_.load(make_load_plan(setup_, target_), watch, watch.stop());
    keep_watch(watch);
    if (!loaded) {
        const Error& error = loaded.error();
        if (error.kind == ErrorKind::kUsage) return error;
        evidence_.load_error = error;
        evidence_.did_preload_fail =
            watch.last_phase() == load::Phase::kPreload && error.kind == ErrorKind::kInvalid;
        return ok();
    }
    load_ = *std::move(loaded);
    keep(*load_);
    if (watch.begin() && watch.end()) {
        WindowEnd end = *watch.end();
        if (const std::string why = why_no_cpu(watch); !why.empty()) {
            evidence_.server_cpu_absence = why;
            forget_cpu(end);
        }
        ServerFigures figures = make_server_figures(*watch.begin(), end, *load_);
        figures.threads_max = record_.server.threads_max;
        figures.rss_max_bytes = record_.server.rss_max_bytes;
        record_.server = std::move(figures);
        record_.latency_split = split_latency(record_.latency, record_.service_time, record_.server);
    }
    if (before && !watch.has_server_died() && watch.server_change().empty()) count_requests(*load_, *before);
    return ok();
}

std::string TrialRun::why_no_cpu(const TrialWatch& watch) const {
    if (watch.have_processes_changed()) return "processes of the server came or went in the window";
    return slip_of(*watch.begin(), *watch.end(), *load_);
}

void TrialRun::count_requests(const load::LoadResult& load, const ServerStats& before) {
    for (int attempt = 0; attempt < kCountAttempts; ++attempt) {
        if (attempt > 0) ::poll(nullptr, 0, kCountPauseMs);
        const auto after = fetch_stats(target_, hands_.readers, hands_.waits.stats);
        if (!after) return;
        evidence_.server_change = page_change(before, *after);
        if (!evidence_.server_change.empty()) return;
        record_.server.requests_counted = after->requests_total - before.requests_total;
        if (*record_.server.requests_counted >= count_bounds(load).least) return;
    }
}

void TrialRun::keep(const load::LoadResult& load) {
    record_.duration_s = load.duration_s;
    record_.requests = load.requests;
    record_.sent_all_phases = load.sent_all_phases;
    record_.completed_all_phases = load.completed_all_phases;
    record_.connections_opened = load.connections_opened;
    std::array<char, 20> digest{};
    std::snprintf(digest.data(), digest.size(), "%016" PRIx64, load.request_digest);
    record_.request_digest = digest.data();
    record_.status_counts = load.status_counts;
    if (load.duration_s > 0) {
        record_.offered_rps = static_cast<double>(load.requests.sent) / load.duration_s;
        record_.throughput_rps = static_cast<double>(load.requests.succeeded) / load.duration_s;
    }
    record_.latency = make_time_figures(load.latency);
    record_.service_time = make_time_figures(load.service_time);
    record_.send_lateness = make_lateness_figures(load.send_lateness);
    record_.intervals = make_interval_figures(load.intervals);
    const std::uint64_t ended = ended_in_window(load);
    if (ended > 0)
        record_.generator.cpu_us_per_request = load.generator_cpu_s * 1e6 / static_cast<double>(ended);
    record_.generator.cpu_utilization = load.generator_busy_share;
    // Threads that share a CPU by plan wait for each other: then waiting says nothing about the machine.
    if (has_own_cpus(setup_) && load.run_queue_wait_s && load.duration_s > 0)
        evidence_.run_queue_wait_ratio =
            *load.run_queue_wait_s / (load.duration_s * setup_.parameters.threads);
    record_.background = load.background;
    record_.network = {load.bytes_sent, load.bytes_received};
    record_.first_error = load.first_error;
}

void TrialRun::keep_watch(const TrialWatch& watch) {
    const std::optional<double> ready_s = record_.phases.ready_s;
    record_.phases = watch.times();
    record_.phases.ready_s = ready_s;
    record_.server.rss_max_bytes = watch.rss_max_bytes();
    record_.server.threads_max = watch.threads_max();
    evidence_.has_server_died = watch.has_server_died();
    evidence_.server_change = watch.server_change();
    evidence_.longest_gap_s = watch.longest_gap_s();
    if (!watch.begin() || !watch.end()) return;
    const WindowEnd& begin = *watch.begin();
    const WindowEnd& end = *watch.end();
    evidence_.monotonic_window_s = end.clocks.monotonic_s - begin.clocks.monotonic_s;
    evidence_.wall_window_s = end.clocks.wall_s - begin.clocks.wall_s;
    evidence_.boot_window_s = end.clocks.boot_s - begin.clocks.boot_s;
    keep_machine(begin.machine, end.machine);
}

void TrialRun::keep_machine(const MachineReading& begin, const MachineReading& end) {
    evidence_.steal_ratio = steal_ratio(begin.cpu_times, end.cpu_times, used_cpus(setup_.cpus));
    if (begin.listen_drops && end.listen_drops && *end.listen_drops >= *begin.listen_drops)
        evidence_.listen_drops = *end.listen_drops - *begin.listen_drops;
    if (begin.throttled_periods && end.throttled_periods &&
        *end.throttled_periods >= *begin.throttled_periods)
        evidence_.throttled_periods = *end.throttled_periods - *begin.throttled_periods;
}

/// A server that starts or ends in another's slice would be measured with it: so all end together.
void TrialRun::leave_slices() {
    if (setup_.seat == nullptr) return;
    setup_.seat->leave();
    setup_.seat->await_end(hands_.stop);
}

void TrialRun::stop() {
    record_.phases.stop_s = seconds_since(began_);
    if (process_) {
        evidence_.has_server_died =
            !evidence_.start_error && (evidence_.has_server_died || process_->has_ended());
        evidence_.exit = process_->stop(drain_limit(setup_.parameters, hands_.waits));
        record_.stderr_tail = process_->stderr_tail();
    }
    record_.phases.end_s = seconds_since(began_);
}

void TrialRun::judge() {
    evidence_.was_interrupted = hands_.stop.load(std::memory_order_relaxed);
    evidence_.are_cpus_shared = setup_.are_cpus_shared;
    evidence_.load = load_ ? &*load_ : nullptr;
    evidence_.requests_counted = record_.server.requests_counted;
    evidence_.is_server_cpu_known = record_.server.cpu_s.has_value();
    record_.server.pid = pid_;
    record_.server.exit = evidence_.exit;
    for (Finding& finding : check_trial(setup_.parameters, evidence_)) {
        if (finding.makes_invalid) record_.verdict = Verdict::kInvalid;
        record_.warnings.push_back(std::move(finding.warning));
    }
}

} // namespace

Result<TrialRecord> run_trial(const TrialSetup& setup, const TrialHands& hands) {
    return TrialRun(setup, hands).run();
}

} // namespace kvduel::experiment
