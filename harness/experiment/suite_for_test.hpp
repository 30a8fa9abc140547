#pragma once

#include "harness/experiment/run_suite.hpp"
#include "harness/experiment/trial/load_for_test.hpp"

#include <algorithm>
#include <atomic>
#include <string>
#include <vector>

namespace kvduel::experiment {

/// Every announcement is "PORT"; no server here has a stats page.
inline JsonReaders plain_readers() {
    JsonReaders readers;
    readers.announcement = [](std::string_view line) -> Result<Announcement> {
        if (line == "listening") return Announcement{"127.0.0.1", 1, std::nullopt};
        return Error{ErrorKind::kUnavailable, "", "not an announcement", ""};
    };
    readers.stats = [](std::string_view) -> Result<ServerStats> {
        return Error{ErrorKind::kUnavailable, "", "no stats", ""};
    };
    return readers;
}

struct MemorySink : ReportSink {
    unsigned writes = 0;
    unsigned fails_at = 0; ///< 0: never
    RunReport last;

    Outcome write(const RunReport& report) override {
        if (++writes == fails_at) return Error{ErrorKind::kCannotWrite, "a.json", "no space left", ""};
        last = report;
        return ok();
    }
};

struct CountingProgress : Progress {
    unsigned started = 0;
    unsigned ended = 0;
    std::vector<std::string> purposes; ///< of the trials that are none of the report's
    std::vector<std::string> notes;
    std::vector<std::string> findings;
    std::vector<double> left_s;
    std::vector<std::string> refined; ///< "8-32": a cell was put between

    void trial_started(const Position& position) override {
        ++started;
        if (!position.purpose.empty()) purposes.emplace_back(position.purpose);
        left_s.push_back(position.left_s);
    }
    void trial_ended(const Position&, const TrialRecord&) override { ++ended; }
    void finding(const DoctorFinding& finding) override { findings.push_back(finding.check); }
    void refining(const Scenario&, const Insertion& next) override {
        refined.push_back(std::to_string(next.lower) + "-" + std::to_string(next.upper));
    }
    void note(std::string_view text) override { notes.emplace_back(text); }
};

/// A load that goes through all phases and measures what sound_load() says.
inline Result<load::LoadResult> pass_through(const load::Plan&, load::Observer& observer,
                                             const std::atomic<bool>&) {
    for (const load::Phase phase :
         {load::Phase::kPreload, load::Phase::kConnect, load::Phase::kWarmUp, load::Phase::kWindow}) {
        observer.phase(phase);
        observer.tick({});
    }
    observer.phase(load::Phase::kDrain);
    observer.phase(load::Phase::kDone);
    load::LoadResult load = sound_load();
    return load;
}

/// A load that only ends when it is told to.
inline Result<load::LoadResult> until_stopped(const load::Plan&, load::Observer& observer,
                                              const std::atomic<bool>& stop) {
    while (!stop) observer.tick({});
    load::LoadResult load;
    load.interrupted = true;
    return load;
}

inline Contender contender(const char* id, const char* script) {
    Contender contender;
    contender.id = id;
    contender.command = {"/bin/sh", "-c", script};
    return contender;
}

inline Contender good(const char* id) {
    return contender(id, "trap 'exit 0' TERM; sleep 1000 & echo listening; wait");
}

/// A run of two good contenders over two blocks of one cell, to be doctored.
struct SuiteFixture {
    RunRequest request;
    MemorySink sink;
    CountingProgress progress;
    std::atomic<bool> stop{false};

    SuiteFixture() {
        request.suite.id = "tiny";
        request.suite.repetitions = 2;
        request.suite.scenarios.resize(1);
        request.suite.scenarios[0].id = "hot-get";
        request.suite.scenarios[0].cells = {sound_parameters()};
        request.contenders = {good("a"), good("b")};
        request.load = pass_through;
        request.machine = [](std::optional<int>) {
            return MachineReading{};
        }; // no neighbours, whoever they are
        request.has_opening_trials = false;
        request.waits.rest = Duration::zero();
        request.waits.ready = std::chrono::seconds(30);
        request.waits.drain = std::chrono::seconds(30);
    }

    Result<RunEnd> run() { return run_suite(request, plain_readers(), sink, progress, stop); }
};

/// The codes of the warnings, without the one that a machine of few CPUs earns at any time.
inline std::string faults_of(const TrialRecord& trial) {
    std::string faults;
    for (const Warning& warning : trial.warnings)
        if (warning.code != "shared_cpus")
            faults.append(warning.code).append(": ").append(warning.message).append(" ");
    return faults;
}

inline bool has_code(const TrialRecord& trial, std::string_view code) {
    return std::any_of(trial.warnings.begin(), trial.warnings.end(),
                       [&](const Warning& warning) { return warning.code == code; });
}

} // namespace kvduel::experiment
