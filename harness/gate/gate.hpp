#pragma once

#include "harness/experiment/record/report.hpp"
#include "harness/experiment/run/run_request.hpp"
#include "harness/gate/tolerances.hpp"
#include "harness/stats/gate_rule.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kvduel::gate {

inline constexpr std::string_view kBase = "base";
inline constexpr std::string_view kHead = "head";

/// One of the two builds, as the command line names it.
struct SideRequest {
    std::string folder;                 ///< holds the servers, or has them in bin/
    std::vector<std::string> arguments; ///< that its servers get besides
};

struct GateRequest {
    /// Suite, seed, CPUs, waits and argv; its contenders are the servers, as the suite names them. The
    /// suite's repetitions do not count: the looks do.
    experiment::RunRequest run;
    SideRequest base;
    SideRequest head;
    Tolerances tolerances;
    std::vector<std::string> warnings; ///< of what was asked; the result bears them
    double budget_s = 540;             ///< the first look is always taken
    bool allows_same = false;          ///< --aa
    bool allows_dirty = false;         ///< --allow-dirty
};

/// What a program says of itself with --version; other programs than ours say nothing that can be read.
struct BuildClaim {
    std::string git_sha;
    bool is_dirty = false;
    std::string build_type;
    std::string compiler;
    std::string flags;

    bool operator==(const BuildClaim&) const = default;
};

/// The same objects, linked in another order: one draw of where code lies.
struct Link {
    std::string executable;
    std::string sha256;
};

/// One server of one side.
struct ServerBuild {
    std::string server; ///< id of the suite's contender: "async"
    std::string_view side;
    std::vector<Link> links; ///< at least one; block b uses link (b - 1) mod their number
    std::optional<BuildClaim> claim;
};

enum class GateVerdict : std::uint8_t { kPass, kRegression, kInconclusive, kInvalid };

enum class RowWord : std::uint8_t {
    kRegression, ///< worse, and surely so
    kNotWorse,   ///< proven not to be worse than the tolerance
    kOpen,       ///< neither
    kUnjudged,   ///< too few valid pairs
};

/// One metric of one cell and server. Ratios are of head over base.
struct GateRow {
    std::string scenario;
    experiment::Parameters parameters;
    std::string server;
    std::string metric;
    double tolerance = 0; ///< the share (Tolerance)
    bool is_higher_better = false;
    unsigned n = 0;              ///< blocks with a valid pair
    std::optional<double> ratio; ///< Hodges-Lehmann
    std::optional<double> lower95;
    std::optional<double> upper95;
    std::optional<double> at_worst; ///< the ratio that must be better than the tolerance for kNotWorse
    std::optional<double> p;        ///< one-sided, over all rows
    RowWord word = RowWord::kOpen;
    std::vector<std::optional<stats::GatePair>> by_block; ///< what it was judged by; absent: no valid pair
};

/// A look that was taken.
struct LookTaken {
    std::size_t blocks = 0;
    double alpha = 0;
    double beta = 0;
    std::string word; ///< "regression", "pass", "open"
};

/// What a gate found. The trials stand in its report.
struct GateResult {
    GateVerdict verdict = GateVerdict::kInconclusive;
    std::vector<std::string> reasons; ///< sentences: why it is not a pass
    std::vector<GateRow> rows;
    std::vector<LookTaken> looks;
    std::vector<ServerBuild> builds;
    std::size_t links = 1;
    unsigned pairs_planned = 0;
    unsigned pairs_lost = 0; ///< no valid pair, after all repeats
    double seconds = 0;
    double budget_s = 0;
    double steal_median = 0;           ///< over blocks
    bool is_same_build = false;        ///< --aa, or two configurations of one build
    std::vector<std::string> warnings; ///< "layout_confounded: ..."
};

/// The exit code: 0, 1, 2 or 3.
int exit_code(GateVerdict verdict) noexcept;

/// "pass", "regression", "inconclusive", "invalid".
std::string_view word_of(GateVerdict verdict) noexcept;
std::string_view word_of(RowWord word) noexcept;

} // namespace kvduel::gate
