#include "harness/load/run_load.hpp"

#include "harness/load/background/background_thread.hpp"
#include "harness/load/check_plan.hpp"
#include "harness/load/load_thread.hpp"
#include "harness/load/progress.hpp"

#include <algorithm>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

namespace kvduel::load {

namespace {

/// The thread that called run_load: leads the load threads through the phases, tells the observer, never
/// sends.
class Coordinator {
public:
    Coordinator(const Plan& plan, const Address& address, Observer& observer, const std::atomic<bool>& stop)
        : plan_(plan), address_(address), observer_(observer), stop_(stop), shared_(plan, address.text),
          rendezvous_(plan.threads + (plan.background.empty() ? 0 : 1)), progress_(Clock::now()),
          background_(plan, address, rendezvous_, stop) {
        for (unsigned i = 0; i < plan.threads; ++i)
            loads_.push_back(std::make_unique<LoadThread>(shared_, address, i, rendezvous_, stop));
    }

    Result<LoadResult> run() {
        for (const auto& load : loads_) threads_.emplace_back([&load] { load->run(); });
        if (!plan_.background.empty()) threads_.emplace_back([this] { background_.run(); });
        std::optional<Error> error = lead();
        rendezvous_.end();
        threads_.clear(); // joins
        if (error) return *std::move(error);
        LoadResult whole;
        for (const auto& load : loads_) merge(whole, load->result());
        whole.request_digest = workload::request_digest(plan_.workload, workload::Seed(plan_.seed),
                                                        kWindowStream, plan_.threads);
        whole.background = std::move(background_.results());
        whole.interrupted = stop_.load();
        whole.window = window_;
        enter(Phase::kDone);
        return whole;
    }

private:
    /// Until the load threads have left, or there is nothing to measure.
    std::optional<Error> lead() {
        enter(Phase::kPreload);
        if (!wait_all()) return rendezvous_.error();
        enter(Phase::kConnect);
        rendezvous_.release();
        if (!wait_all()) return rendezvous_.error();
        if (rendezvous_.open_connections() == 0)
            return Error{ErrorKind::kUnavailable, address_.text,
                         "no connection opened: " + rendezvous_.connect_error(), "is the server running?"};
        plan_.seat != nullptr ? measure_in_slices() : measure();
        return std::nullopt;
    }

    void measure() {
        const TimePoint w0 = Clock::now() + plan_.warm_up;
        const TimePoint w1 = w0 + plan_.duration;
        window_ = {w0, w1};
        progress_.expect(w1);
        rendezvous_.set_window({w0, w1});
        rendezvous_.release();
        if (plan_.warm_up > Duration::zero()) enter(Phase::kWarmUp);
        wait_until(w0);
        if (!stop_.load()) enter(Phase::kWindow);
        wait_until(w1);
        if (!stop_.load()) enter(Phase::kDrain);
        while (!rendezvous_.wait_all(next_beat(TimePoint::max()))) beat();
    }

    /// As measure(), but the load thread says when the ends of the window have come: it knows its own time.
    void measure_in_slices() {
        const TimePoint w0 = Clock::now() + plan_.warm_up;
        const TimePoint w1 = w0 + plan_.duration;
        progress_.expect(w1);
        rendezvous_.set_window({w0, w1});
        for (const Phase phase : {Phase::kWarmUp, Phase::kWindow, Phase::kDrain}) {
            if (!stop_.load()) enter(phase);
            rendezvous_.release();
            while (!rendezvous_.wait_all(next_beat(TimePoint::max()))) beat();
        }
    }

    void enter(Phase phase) {
        progress_.enter(phase);
        observer_.phase(phase);
    }

    /// True once all load threads have arrived without an error and nobody wants to stop.
    bool wait_all() {
        while (!rendezvous_.wait_all(next_beat(TimePoint::max()))) beat();
        return !rendezvous_.error() && !stop_.load();
    }

    void wait_until(TimePoint time) {
        while (!stop_.load() && Clock::now() < time && !rendezvous_.wait_all(next_beat(time))) beat();
    }

    TimePoint next_beat(TimePoint limit) const {
        return std::min({limit, next_tick_, Clock::now() + kStopCheck});
    }

    void beat() {
        const TimePoint now = Clock::now();
        if (now < next_tick_) return;
        next_tick_ = now + Progress::kTick;
        std::uint64_t succeeded = 0;
        std::uint64_t p99_ns = 0;
        for (const auto& load : loads_) {
            succeeded += load->live().succeeded.load(std::memory_order_relaxed);
            p99_ns = std::max(p99_ns, load->live().p99_ns.load(std::memory_order_relaxed));
        }
        observer_.tick(progress_.glance(now, succeeded, p99_ns));
    }

    const Plan& plan_;
    const Address& address_;
    Observer& observer_;
    const std::atomic<bool>& stop_;
    TrialShared shared_;
    Rendezvous rendezvous_;
    Progress progress_;
    std::optional<std::pair<TimePoint, TimePoint>> window_;
    TimePoint next_tick_{};
    std::vector<std::unique_ptr<LoadThread>> loads_;
    BackgroundThread background_;
    std::vector<std::jthread> threads_; ///< joined before all they use
};

} // namespace

Result<LoadResult> run_load(const Plan& plan, Observer& observer, const std::atomic<bool>& stop) {
    if (Outcome checked = check_plan(plan); !checked) return checked.error();
    if (Outcome checked = ensure_descriptors(all_connections(plan)); !checked) return checked.error();
    Result<Address> address = make_address(plan.target);
    if (!address) return address.error();
    if (Outcome checked = check_ports(plan, *address); !checked) return checked.error();
    return Coordinator(plan, *address, observer, stop).run();
}

} // namespace kvduel::load
