#pragma once

#include "harness/experiment/record/report.hpp"

#include <string>
#include <vector>

namespace kvduel::experiment {

/// For tests: trials of two contenders, "a" and "b", block by block, whose figures the test sets.
inline TrialRecord duel_trial(const char* contender, unsigned block, double rps) {
    TrialRecord trial;
    trial.scenario = "hot-get";
    trial.contender = contender;
    trial.block = block;
    trial.order_in_block = (contender[0] == 'a') == (block % 2 == 0) ? 1 : 2;
    trial.throughput_rps = rps;
    return trial;
}

/// A block for each ratio, which is b's throughput over a's.
inline std::vector<TrialRecord> duel(const std::vector<double>& ratios) {
    std::vector<TrialRecord> trials;
    for (unsigned block = 1; block <= ratios.size(); ++block) {
        trials.push_back(duel_trial("a", block, 1'000));
        trials.push_back(duel_trial("b", block, 1'000 * ratios[block - 1]));
    }
    return trials;
}

inline std::vector<Contender> duellists() {
    Contender a;
    Contender b;
    a.id = "a";
    b.id = "b";
    return {a, b};
}

} // namespace kvduel::experiment
