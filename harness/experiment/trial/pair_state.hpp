#pragma once

#include "harness/experiment/record/trial.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kvduel::experiment {

/// How often a cell is run in a block at the most, while only what others took of the machine makes its
/// trials invalid: whether they did owes nothing to what a trial came to, so waiting for a quieter minute
/// selects nothing (docs/decisions/0015).
inline constexpr unsigned kMostRuns = 4;
/// And for any other reason: one repeat, then what it has decides.
inline constexpr unsigned kMostRunsElse = 2;

/// The trials of one cell in one block that are compared, neighbours. They share scenario, parameters, block
/// and repetition; trials of the cell by other contenders are another pair's.
struct Pair {
    std::string_view scenario;
    const Parameters& parameters;
    unsigned block = 1;
    std::vector<std::string_view> contenders;
};

enum class PairNeed : std::uint8_t {
    kNone,
    kFirst,  ///< it has no whole run: none yet, or one that was cut short, so that no pair spans the gap
    kRepeat, ///< one run, in which a trial is invalid for a reason that another run may mend
};

struct PairState {
    PairNeed need = PairNeed::kFirst;
    unsigned next_repetition = 1; ///< the number of its next run
};

/// What is left to do for a pair, seen from all trials of the report. A single contender has nobody to lose:
/// it is not repeated. Pure.
PairState pair_state(std::span<const TrialRecord> trials, const Pair& pair);

/// Does the trial's invalidity say something of the server, not of the machine or the load? Such a trial
/// stands against the run even if its repeat is valid.
bool is_servers_fault(const TrialRecord& trial);

/// Is it invalid while others took a share of its CPUs (`noisy_machine`), and is the server not at fault?
bool is_machines_fault(const TrialRecord& trial);

} // namespace kvduel::experiment
