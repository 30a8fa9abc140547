#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kvduel::experiment {

/// How a server gives requests to threads.
enum class Dispatch : std::uint8_t {
    kPool,       ///< a request holds one of the workers until it is answered
    kConnection, ///< a thread per connection
    kCoroutines, ///< a request that waits holds nothing; one that computes holds its loop to the end
    kTaskPool,   ///< a pool whose workers are no threads: the kernel slices no time between them
};

/// Simulated work, "N" or "N@P%": a share of the requests bears so many seconds of it.
struct WorkShare {
    double seconds = 0;
    double share = 1;

    double mean() const noexcept { return seconds * share; }
};

/// What a theory knows of a cell and a contender. Times in seconds.
struct TheoryInputs {
    Dispatch dispatch = Dispatch::kPool;
    unsigned workers = 1;             ///< of the pool, or loops
    unsigned cores = 1;               ///< that the server may run on
    unsigned in_flight = 1;           ///< connections x pipeline
    std::optional<double> rate_per_s; ///< of an open loop
    WorkShare cpu;                    ///< --work-cpu-us
    WorkShare wait;                   ///< --work-wait-us
    double own_cpu_s = 0;             ///< of a request without work; 0: taken as nothing
};

/// A figure that a theory expects of a metric, and where it comes from, with its numbers.
struct Prediction {
    std::string_view metric; ///< a row of metrics()
    double expected = 0;     ///< in the metric's unit
    std::string formula;

    bool operator==(const Prediction&) const = default;
};

/// A row of the table of theories.
struct Theory {
    std::string_view name;
    std::string_view meaning; ///< its formulas in symbols
    std::vector<Prediction> (*predict)(const TheoryInputs&);
};

/// D: wait; w: CPU of the handler; s: own CPU of a request; C: in flight; W: workers; m: cores; r: rate.
///   waiting-handler  pool: min(W, C) / (D + s); others: C / (D + s); at most m / s. A closed loop's mean
///   latency
///                    is C / rate (Little 1961).
///   cpu-bound        min(m, W, C) / (w + s), whatever the model. Mean latency as above.
///   mixed-costs      mean latency of Poisson arrivals at r on one core, with S = w + s and load u = r E[S]
///   < 1.
///                    One loop or worker runs to completion: E[S] + r E[S^2] / (2 (1 - u)), the
///                    Pollaczek-Khinchine formula, which holds for each order that does not look at the
///                    costs. Threads share the core by time slices: E[S] / (1 - u), processor sharing
///                    (Kleinrock 1967), as long as there are more workers than long requests at once.
std::span<const Theory> theories();

/// What the theory called `name` expects; nothing if there is none of that name, or if it does not speak of
/// such a cell (an open loop, several cores, a load of 1 and above). Pure.
std::vector<Prediction> predict(std::string_view name, const TheoryInputs& inputs);

} // namespace kvduel::experiment
