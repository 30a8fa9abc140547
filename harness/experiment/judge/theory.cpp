#include "harness/experiment/judge/theory.hpp"

#include "harness/experiment/text/number_text.hpp"

#include <algorithm>
#include <array>

namespace kvduel::experiment {

namespace {

constexpr double kUsPerSecond = 1e6; // microseconds per second

std::string us(double seconds) {
    return number_text(seconds * kUsPerSecond) + " us";
}

std::string counted(const char* what, unsigned number) {
    return std::string(what) + " " + number_text(std::uint64_t{number});
}

/// L = lambda W, for a closed loop, which always has C in flight.
Prediction little(const TheoryInputs& inputs, double rate) {
    return {"latency_mean_us", inputs.in_flight / rate * kUsPerSecond,
            counted("in flight", inputs.in_flight) + " / throughput " + number_text(rate) + " (Little)"};
}

std::vector<Prediction> waiting_handler(const TheoryInputs& inputs) {
    const double busy_s = inputs.wait.mean() + inputs.own_cpu_s;
    if (inputs.rate_per_s || !(busy_s > 0)) return {};
    const bool is_pool = inputs.dispatch == Dispatch::kPool || inputs.dispatch == Dispatch::kTaskPool;
    const unsigned at_once = is_pool ? std::min(inputs.workers, inputs.in_flight) : inputs.in_flight;
    double rate = at_once / busy_s;
    std::string formula = is_pool ? "min(" + counted("workers", inputs.workers) + ", " +
                                        counted("in flight", inputs.in_flight) + ")"
                                  : counted("in flight", inputs.in_flight);
    formula += " / (wait " + us(inputs.wait.mean()) + " + own CPU " + us(inputs.own_cpu_s) + ")";
    if (inputs.own_cpu_s > 0 && inputs.cores / inputs.own_cpu_s < rate) {
        rate = inputs.cores / inputs.own_cpu_s;
        formula =
            counted("cores", inputs.cores) + " / own CPU " + us(inputs.own_cpu_s) + ", less than " + formula;
    }
    return {{"throughput_rps", rate, formula}, little(inputs, rate)};
}

std::vector<Prediction> cpu_bound(const TheoryInputs& inputs) {
    const double cost_s = inputs.cpu.mean() + inputs.own_cpu_s;
    if (inputs.rate_per_s || !(cost_s > 0)) return {};
    const unsigned workers = inputs.dispatch == Dispatch::kConnection ? inputs.in_flight : inputs.workers;
    const unsigned at_once = std::min({inputs.cores, workers, inputs.in_flight});
    const double rate = at_once / cost_s;
    return {{"throughput_rps", rate,
             "min(" + counted("cores", inputs.cores) + ", " + counted("workers", workers) + ", " +
                 counted("in flight", inputs.in_flight) + ") / (handler " + us(inputs.cpu.mean()) +
                 " + own CPU " + us(inputs.own_cpu_s) + ")"},
            little(inputs, rate)};
}

std::vector<Prediction> mixed_costs(const TheoryInputs& inputs) {
    if (!inputs.rate_per_s || inputs.cores != 1) return {};
    const double dear_s = inputs.cpu.seconds + inputs.own_cpu_s;
    const double cheap_s = inputs.own_cpu_s;
    const double share = inputs.cpu.share;
    const double mean_s = share * dear_s + (1 - share) * cheap_s;
    const double square_s2 = share * dear_s * dear_s + (1 - share) * cheap_s * cheap_s;
    const double load = *inputs.rate_per_s * mean_s;
    if (!(mean_s > 0) || load >= 1) return {};
    const std::string figures = "E[S] " + us(mean_s) + ", load " + number_text(load);
    const bool is_one_at_a_time = inputs.dispatch != Dispatch::kConnection && inputs.workers == 1;
    const bool is_sliced_by_kernel =
        inputs.dispatch == Dispatch::kPool || inputs.dispatch == Dispatch::kConnection;
    if (!is_sliced_by_kernel && !is_one_at_a_time) return {}; // coroutines: slices between their loops
    if (is_one_at_a_time) {
        const double waiting_s = *inputs.rate_per_s * square_s2 / (2 * (1 - load));
        return {{"latency_mean_us", (mean_s + waiting_s) * kUsPerSecond,
                 "M/G/1 to completion: E[S] + rate E[S^2] / (2 (1 - load)); " + figures}};
    }
    return {{"latency_mean_us", mean_s / (1 - load) * kUsPerSecond,
             "M/G/1 by time slices: E[S] / (1 - load); " + figures}};
}

constexpr std::array<Theory, 3> kTheories{{
    {"waiting-handler",
     "rate = min(workers, in flight) / (wait + own CPU) for a pool, in flight / (wait + own CPU) for the "
     "others; at most "
     "cores / own CPU",
     waiting_handler},
    {"cpu-bound", "rate = min(cores, workers, in flight) / (handler + own CPU)", cpu_bound},
    {"mixed-costs",
     "mean latency of M/G/1 on one core: E[S] + rate E[S^2] / (2 (1 - load)) to completion, E[S] / (1 - "
     "load) by time "
     "slices",
     mixed_costs},
}};

} // namespace

std::span<const Theory> theories() {
    return kTheories;
}

std::vector<Prediction> predict(std::string_view name, const TheoryInputs& inputs) {
    const auto row = std::find_if(kTheories.begin(), kTheories.end(),
                                  [&](const Theory& theory) { return theory.name == name; });
    return row == kTheories.end() ? std::vector<Prediction>{} : row->predict(inputs);
}

} // namespace kvduel::experiment
