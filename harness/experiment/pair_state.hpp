#pragma once

#include "harness/experiment/trial.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kvduel::experiment {

/// How often a cell is run in a block at the most: one repeat, then what it has decides (comparing: a pair
/// with an invalid trial says nothing).
inline constexpr unsigned kMostRuns = 2;

/// The trials of one cell in one block: the neighbours that are compared. They share scenario, parameters,
/// block and repetition.
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

} // namespace kvduel::experiment
