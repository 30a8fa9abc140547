#include "harness/experiment/judge/reasons.hpp"

#include "harness/experiment/judge/margins.hpp"
#include "harness/experiment/judge/shared_lateness.hpp"
#include "harness/experiment/text/number_text.hpp"
#include "harness/stats/paired_estimate.hpp"
#include "harness/stats/verdict.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <optional>
#include <string_view>

namespace kvduel::experiment {

namespace {

constexpr double kLeastShare = 0.10;    ///< of a difference: a smaller part is not named
constexpr double kMostOpposed = 0.20;   ///< of a difference: so much that goes the other way is told with it
constexpr double kLeastMove = 0.03;     ///< of the winner's cost
constexpr double kLeastSwitches = 0.01; ///< a request
constexpr std::size_t kMostParts = 2;   ///< named in a line

using Cost = std::optional<double> (*)(const TrialRecord&);

/// CPU time per request, user or system, so that both add up to cpu_us_per_request.
std::optional<double> share_of_cpu(const TrialRecord& trial, std::optional<double> part_s) {
    const ServerFigures& server = trial.server;
    if (!server.cpu_us_per_request || !server.cpu_user_s || !server.cpu_system_s || !part_s)
        return std::nullopt;
    const double whole_s = *server.cpu_user_s + *server.cpu_system_s;
    if (whole_s <= 0) return std::nullopt;
    return *server.cpu_us_per_request * *part_s / whole_s;
}

std::optional<double> cpu(const TrialRecord& t) {
    return t.server.cpu_us_per_request;
}
std::optional<double> cpu_user(const TrialRecord& t) {
    return share_of_cpu(t, t.server.cpu_user_s);
}
std::optional<double> cpu_system(const TrialRecord& t) {
    return share_of_cpu(t, t.server.cpu_system_s);
}
std::optional<double> switches(const TrialRecord& t) {
    return t.server.context_switches_per_request;
}
std::optional<double> threads(const TrialRecord& t) {
    if (!t.server.threads_max) return std::nullopt;
    return *t.server.threads_max;
}
std::optional<double> mean_latency(const TrialRecord& t) {
    return t.latency_split ? t.latency.mean_us : std::nullopt;
}
template <double LatencySplit::*Part>
std::optional<double> part_of_latency(const TrialRecord& t) {
    if (!t.latency_split) return std::nullopt;
    return (*t.latency_split).*Part;
}

/// A part of a sum, by name.
struct Part {
    const char* name;
    Cost cost;
};

constexpr Part kQueueWait{"queue wait", part_of_latency<&LatencySplit::queue_wait_us>};
constexpr Part kRest{"the rest outside the handler", part_of_latency<&LatencySplit::rest_us>};
constexpr std::array<Part, 4> kLatencyParts{
    {{"the wait before the send", part_of_latency<&LatencySplit::before_send_us>},
     kQueueWait,
     {"handler time", part_of_latency<&LatencySplit::handler_us>},
     kRest}};
constexpr std::array<Part, 2> kCpuParts{{{"user time", cpu_user}, {"system time", cpu_system}}};

/// What a part adds to a difference; negative: it goes the other way.
struct PartGap {
    const char* name;
    double gap;
};

/// Both sides of one comparison.
class Ledger {
public:
    Ledger(const Comparison& comparison, std::span<const BlockPair> pairs)
        : is_first_winner_(comparison.verdict == ComparisonVerdict::kFirst), pairs_(pairs),
          winner_(is_first_winner_ ? comparison.first : comparison.second),
          loser_(is_first_winner_ ? comparison.second : comparison.first) {}

    const std::string& winner() const { return winner_; }
    const std::string& loser() const { return loser_; }

    /// The arithmetic means over the pairs, so that parts still add up. None unless every trial has the cost.
    struct Sides {
        double winner = 0;
        double loser = 0;
        bool is_in_every_block = true; ///< the loser's is higher
        double gap() const { return loser - winner; }
    };
    std::optional<Sides> sides(Cost cost) const {
        Sides sides;
        for (const BlockPair& pair : pairs_) {
            const auto of_winner = cost(is_first_winner_ ? *pair.first : *pair.second);
            const auto of_loser = cost(is_first_winner_ ? *pair.second : *pair.first);
            if (!of_winner || !of_loser) return std::nullopt;
            sides.winner += *of_winner / static_cast<double>(pairs_.size());
            sides.loser += *of_loser / static_cast<double>(pairs_.size());
            sides.is_in_every_block &= *of_loser > *of_winner;
        }
        return sides;
    }

private:
    bool is_first_winner_;
    std::span<const BlockPair> pairs_;
    const std::string& winner_;
    const std::string& loser_;
};

std::vector<PartGap> gaps_of(const Ledger& ledger, std::span<const Part> parts) {
    std::vector<PartGap> gaps;
    for (const Part& part : parts)
        if (const auto sides = ledger.sides(part.cost)) gaps.push_back({part.name, sides->gap()});
    return gaps;
}

/// A server's queue begins where it first knows of a request: a pool's when its poller names the connection,
/// a coroutine's when it has read, so that the same wait stands in `queue wait` of the one and in `the rest`
/// of the other. Where the two go opposite ways they are one part.
std::vector<PartGap> latency_gaps(const Ledger& ledger, double whole) {
    std::vector<PartGap> gaps = gaps_of(ledger, kLatencyParts);
    const auto queue = std::ranges::find(gaps, std::string_view(kQueueWait.name), &PartGap::name);
    const auto rest = std::ranges::find(gaps, std::string_view(kRest.name), &PartGap::name);
    if (queue == gaps.end() || rest == gaps.end()) return gaps;
    const double smaller = std::min(std::abs(queue->gap), std::abs(rest->gap));
    if (queue->gap * rest->gap >= 0 || smaller < kLeastShare * whole) return gaps;
    *queue = {"the time outside the handler", queue->gap + rest->gap};
    gaps.erase(rest);
    return gaps;
}

/// "queue wait accounts for 40,000 of the 41,000 us that threads takes longer on average"; where parts go the
/// other way by much, "user time adds 3.50 us, the other parts take 2.50 off: 1.00 us that ..."; empty if no
/// part is worth naming.
std::string accounts_line(const std::string& loser, double whole, std::vector<PartGap> gaps,
                          std::string_view more) {
    std::erase_if(gaps, [&](const PartGap& part) { return part.gap < kLeastShare * whole; });
    if (gaps.empty()) return "";
    std::ranges::stable_sort(gaps, std::greater<>{}, &PartGap::gap);
    gaps.resize(std::min(gaps.size(), kMostParts));
    const std::string of_whole = figure_digits(whole) + " us that " + loser + " " + std::string(more);
    const double opposed = gaps[0].gap - whole;
    if (opposed > kMostOpposed * whole)
        return std::string(gaps[0].name) + " adds " + figure_digits(gaps[0].gap) +
               " us, the other parts take " + figure_digits(opposed) + " off: " + of_whole;
    std::string line = std::string(gaps[0].name) + " accounts for " +
                       (opposed >= 0 ? "all" : figure_digits(gaps[0].gap)) + " of the " + of_whole;
    if (gaps.size() > 1) line += ", " + std::string(gaps[1].name) + " for " + figure_digits(gaps[1].gap);
    return line;
}

/// By how much the loser's cost is higher on average; none if it is not, or by too little to speak of.
std::optional<double> excess(const Ledger& ledger, Cost cost) {
    const auto sides = ledger.sides(cost);
    if (!sides || sides->gap() <= kLeastMove * sides->winner) return std::nullopt;
    return sides->gap();
}

std::string cpu_line(const Ledger& ledger) {
    const auto whole = excess(ledger, cpu);
    return whole ? accounts_line(ledger.loser(), *whole, gaps_of(ledger, kCpuParts), "uses more a request")
                 : "";
}

std::string latency_line(const Ledger& ledger) {
    const auto whole = excess(ledger, mean_latency);
    return whole ? accounts_line(ledger.loser(), *whole, latency_gaps(ledger, *whole),
                                 "takes longer on average")
                 : "";
}

/// A cost that may go along with a difference.
struct Companion {
    Cost cost;
    double least_gap;
    const char* what;
    const char* unit;
    bool is_count; ///< shown whole
};

constexpr Companion kCpu{cpu, 0, "CPU a request", " us", false};
constexpr Companion kSwitches{switches, kLeastSwitches, "context switches a request", "", false};
constexpr Companion kThreads{threads, 1, "threads", "", true};

std::string along_line(const Ledger& ledger, const Companion& companion) {
    const auto sides = ledger.sides(companion.cost);
    if (!sides || !sides->is_in_every_block || sides->gap() < companion.least_gap ||
        sides->gap() < kLeastMove * sides->winner)
        return "";
    const auto shown = [&](double cost) {
        return (companion.is_count ? rounded_text(cost, 0) : figure_digits(cost)) + companion.unit;
    };
    return std::string("goes along with ") + companion.what + ": " + ledger.winner() + " " +
           shown(sides->winner) + ", " + ledger.loser() + " " + shown(sides->loser);
}

std::vector<std::string> reasons_of_win(const Comparison& comparison, std::span<const BlockPair> pairs) {
    const Ledger ledger(comparison, pairs);
    std::vector<std::string> lines;
    if (comparison.metric == "cpu_us_per_request")
        lines = {cpu_line(ledger), along_line(ledger, kSwitches)};
    else if (comparison.metric == "rss_max_bytes")
        lines = {along_line(ledger, kThreads)};
    else
        lines = {latency_line(ledger), along_line(ledger, kCpu), along_line(ledger, kSwitches)};
    std::erase(lines, "");
    return lines;
}

std::string ratio_digits(double ratio) {
    return rounded_text(ratio, 3);
}

/// Why no word was found, in a line.
std::string why_undecided(const Comparison& comparison) {
    if (comparison.n == 0) return "no block has the figure of both";
    if (has_lost_too_many(comparison))
        return std::to_string(comparison.pairs_lost) + " of " +
               std::to_string(comparison.pairs_lost + comparison.n) +
               " pairs were lost, mostly to invalid trials: what is left may be a selection";
    if (comparison.n < stats::kLeastBlocks)
        return std::to_string(comparison.n) + (comparison.n == 1 ? " block has" : " blocks have") +
               " the figure of both; an interval takes " + std::to_string(stats::kLeastBlocks);
    const std::string margin = percent_text(comparison.margin);
    if (*comparison.p_adjusted <= stats::kAlpha)
        return "they differ (p " + probability_text(*comparison.p_adjusted) +
               "), but whether by the margin of " + margin + " is open";
    return "shown is neither a difference (p " + probability_text(*comparison.p_adjusted) +
           ") nor equality within " + margin + " (90 % interval " + ratio_digits(*comparison.lower90) +
           " to " + ratio_digits(*comparison.upper90) + ")";
}

} // namespace

bool has_lost_too_many(const Comparison& comparison) {
    return comparison.pairs_lost > kMaxLostShare * (comparison.pairs_lost + comparison.n);
}

std::vector<std::string> reasons_of(const Comparison& comparison, std::span<const BlockPair> pairs) {
    switch (comparison.verdict) {
    case ComparisonVerdict::kFirst:
    case ComparisonVerdict::kSecond: return reasons_of_win(comparison, pairs);
    case ComparisonVerdict::kUndecided:
        if (is_doubted(comparison)) return {}; // its warning says why
        return {why_undecided(comparison)};
    case ComparisonVerdict::kEquivalent: break;
    }
    return {};
}

} // namespace kvduel::experiment
