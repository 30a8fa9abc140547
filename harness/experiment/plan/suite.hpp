#pragma once

#include "core/support/clock.hpp"
#include "harness/experiment/plan/contender.hpp"
#include "harness/load/plan.hpp"
#include "harness/workload/arrivals.hpp"
#include "harness/workload/workload.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kvduel::experiment {

enum class Loop : std::uint8_t { kClosed, kOpen };

/// What the servers of a cell are started with: option name of the suite file ("threads", "work_wait_us") to
/// its value, spelled as the flag takes it ("16", "sharded", "5000@1%"). A contender maps the names to its
/// own flags.
using ServerOptions = std::map<std::string, std::string>;

/// Asks for the highest rate at which both hold (capacity_search.hpp).
struct Search {
    double p99_us = 5'000;      ///< P99 of the latency from due to end, at the most
    double error_ratio = 0.001; ///< of the requests due, failed or never sent, at the most

    bool operator==(const Search&) const = default;
};

/// One cell: everything that tells two trials apart but contender and block. Complete: no default is left to
/// fill in. Two cells are the same cell exactly if they are equal.
struct Parameters {
    unsigned connections = 64;
    unsigned threads = 1; ///< of the load generator
    Loop loop = Loop::kClosed;
    std::optional<double> rate_per_s; ///< of an open loop
    /// The rate as a share of the slower contender's capacity: rate_per_s is absent until that was measured
    /// in this run (calibration.hpp).
    std::optional<double> load_fraction;
    std::optional<Search> search; ///< the rate is searched, not given: the cell has no trials in blocks
    workload::ArrivalKind arrivals = workload::ArrivalKind::kConstant;
    unsigned pipeline = 1;
    std::uint64_t requests_per_connection = 0; ///< 0: no limit
    double duration_s = 2.0;
    double warmup_s = 0.5;
    double timeout_s = 10.0;
    /// The contenders of a block measure this cell at once, taking turns of so many seconds (load::Slices);
    /// absent: one after the other. For one load thread and no background.
    std::optional<double> slice_s;
    int expect_status = 0;            ///< 0: what the operation should give
    bool are_errors_expected = false; ///< the scenario provokes them: errors_high does not invalidate a trial
    std::vector<load::Background> background; ///< beside it, at most load::kMaxBackgrounds
    workload::Workload workload;
    ServerOptions server;

    bool operator==(const Parameters&) const = default;
};

/// A parameter with an order, along which cells are neighbours.
enum class Axis : std::uint8_t { kConnections, kWorkWaitUs };

/// Asks for the boundary between two verdicts along an axis: cells are inserted where neighbours differ
/// (refine.hpp).
struct Refine {
    Axis axis = Axis::kConnections;

    bool operator==(const Refine&) const = default;
};

/// One question, as cells in the order of the file; a scenario without a sweep has one.
struct Scenario {
    std::string id;
    std::string title;
    std::string question;
    std::vector<std::string> swept; ///< keys the sweep varies, in order: "connections", "server.threads"
    std::vector<Parameters> cells;
    std::string varies{};  ///< in words: what differs between its cells, or only the model
    std::string holds{};   ///< in words: what is held still, and at what
    std::string expects{}; ///< what theory expects, in a sentence or two
    std::string theory{};  ///< a row of theories() (theory.hpp); empty: none puts it in figures
    std::optional<Refine> refine{};
    unsigned inserted = 0; ///< the last of cells, which the refinement of this run put there

    /// The first of cells, which the suite asks for.
    std::size_t grid_cells() const { return cells.size() - std::min<std::size_t>(inserted, cells.size()); }

    bool operator==(const Scenario&) const = default;
};

/// A suite with every default filled in and every sweep expanded (load_suite of harness/report makes it).
struct Suite {
    std::string id;
    std::string title;
    unsigned repetitions = 5;              ///< blocks
    std::vector<std::string> contenders;   ///< ids that run when the command line names none
    std::vector<Contender> own_contenders; ///< declared by the suite file itself
    std::vector<Scenario> scenarios;

    /// For every window, whatever the file says.
    void measure_for(double seconds) {
        for (Scenario& scenario : scenarios)
            for (Parameters& cell : scenario.cells) cell.duration_s = seconds;
    }

    bool operator==(const Suite&) const = default;
};

} // namespace kvduel::experiment
