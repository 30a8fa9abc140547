#pragma once

#include "harness/experiment/record/report.hpp"
#include "harness/gate/counts.hpp"
#include "harness/gate/gate.hpp"
#include "harness/report/text/text_table.hpp"

#include <string>
#include <vector>

namespace kvduel::report {

/// A gate that has ended, as its outputs see it.
struct GateView {
    const gate::GateResult& result;
    const experiment::RunReport& report;
    int exit_code = 0;                ///< of the process
    std::vector<gate::WorkPair> work; ///< the second witness; empty: nobody counted
};

// All below are pure; texts of strangers come out printable (printable.hpp).

/// "hot-get", or where the suite has several cells of it "downstream-wait (closed loop, 64 connections)".
std::string scenario_name(const GateView& view, const gate::GateRow& row);

/// "async hot-get: CPU".
std::string row_name(const GateView& view, const gate::GateRow& row);

/// Head over base as a change: "+7.2 % [+6.1, +8.4]"; "-" without a pair.
std::string change_text(const gate::GateRow& row);

/// "+7 %", "-8 %".
std::string tolerance_text(const gate::GateRow& row);

/// The rows that a reader must see (regressions, what is open or unjudged), the worst first in parts of its
/// tolerance; then the others.
struct SortedRows {
    std::vector<const gate::GateRow*> first;
    std::vector<const gate::GateRow*> rest;
};
SortedRows sorted_rows(const gate::GateResult& result);

/// "PASS: none of 30 endpoints is worse than its tolerance (8 blocks, 4 min 12 s)"; without what was measured
/// if nothing was.
std::string headline(const GateView& view);

/// Base's counts and head's beside them, a row a server.
TextTable counts_table(const std::vector<gate::WorkPair>& work);

/// The verdict, why, the table of endpoints and what else to know, for a terminal.
std::string gate_table(const GateView& view);
/// For a job's summary: verdict and worst endpoint first, the rest folded.
std::string gate_markdown(const GateView& view);
/// kvduel.gate/1.
std::string gate_json(const GateView& view);
/// A test case an endpoint: a regression is a failure, what is open is skipped, an invalid gate an error.
std::string gate_junit(const GateView& view);
/// GitHub's workflow commands: one error for the worst regression, one warning for all else that is no pass,
/// the gate's own warnings with it. A pass says nothing.
std::string gate_annotations(const GateView& view);

} // namespace kvduel::report
