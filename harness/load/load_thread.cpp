#include "harness/load/load_thread.hpp"

#include "harness/load/own_clock.hpp"
#include "harness/load/own_thread.hpp"

#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace kvduel::load {

namespace {

PoolOptions make_options(const Plan& plan, const Address& address, unsigned index) {
    PoolOptions options;
    options.address = address;
    options.connections = plan.connections / plan.threads + (index < plan.connections % plan.threads ? 1 : 0);
    options.pipeline = plan.pipeline;
    options.requests_per_connection = plan.requests_per_connection;
    options.timeout = plan.timeout;
    options.ports_per_source = SourceAddresses::kPortsPerSource / plan.threads;
    options.response_limits = {.max_body_bytes = kMaxAnswerBytes,
                               .kept_body_bytes = plan.workload.path ? 0 : plan.workload.value_bytes};
    return options;
}

} // namespace

LoadThread::LoadThread(TrialShared& shared, const Address& address, unsigned index, Rendezvous& rendezvous,
                       const std::atomic<bool>& stop)
    : shared_(shared), address_(address), index_(index), rendezvous_(rendezvous), stop_(stop),
      trial_(shared, index, tally_) {}

PoolOptions LoadThread::trial_options() const {
    PoolOptions options = make_options(shared_.plan, address_, index_);
    options.schedule = trial_.schedule();
    options.may_spin = shared_.plan.may_spin;
    return options;
}

void LoadThread::run() {
    EventWait::sharpen_timers();
    own_descriptors();
    const PoolOptions options = trial_options();
    places_ = static_cast<double>(options.connections) * options.pipeline;
    pool_.emplace(options, trial_);
    wait_.emplace();
    run_phases();
    wait_.reset(); // here: to another thread its descriptors are none, or somebody else's
    pool_.reset();
}

void LoadThread::run_phases() {
    if (prepare()) preload();
    if (!rendezvous_.arrive()) return;
    connect();
    tally_.reserve(shared_.plan.duration);
    if (!rendezvous_.arrive()) return;
    measure();
    rendezvous_.leave();
}

/// False, with the error reported, if the CPU or a descriptor is not to be had.
bool LoadThread::prepare() {
    if (!pool_->start_epoll()) {
        rendezvous_.report(
            {ErrorKind::kUnavailable, "", std::string("no epoll: ") + std::strerror(errno), ""});
        return false;
    }
    const std::vector<int>& cpus = shared_.plan.cpus;
    if (cpus.empty()) return true;
    const int cpu = cpus[index_ % cpus.size()];
    cpu_set_t set;
    CPU_ZERO(&set);
    if (cpu >= 0 && cpu < CPU_SETSIZE) CPU_SET(static_cast<unsigned>(cpu), &set);
    const int error = ::pthread_setaffinity_np(::pthread_self(), sizeof set, &set);
    if (error == 0) return true;
    rendezvous_.report({ErrorKind::kUsage, "--load-cpus",
                        "CPU " + std::to_string(cpu) + " is not to be had here",
                        "choose among those of taskset -cp $$"});
    return false;
}

/// Reports an error if a key could not be written or read back.
void LoadThread::preload() {
    if (shared_.plan.workload.path || !shared_.plan.workload.preload || !shared_.plan.is_verified) return;
    Preload preload(shared_, index_);
    const std::uint32_t opened = write_and_read(preload);
    tally_.add_all_phases(preload.sent(), preload.answered(), preload.connections());
    if (should_stop() || (opened > 0 && !preload.failure())) return;
    const ErrorKind kind = opened == 0 ? ErrorKind::kUnavailable : ErrorKind::kInvalid;
    rendezvous_.report(
        {kind, address_.text,
         "preload failed: " + preload.failure().value_or("no connection opened: " + preload.connect_error()),
         opened == 0 ? "is the server running?" : "if the keys are there already: --no-preload"});
}

/// Returns how many connections opened at first.
std::uint32_t LoadThread::write_and_read(Preload& preload) {
    PoolOptions options = make_options(shared_.plan, address_, index_);
    options.connections =
        std::min(options.connections, std::max(Preload::kConnections / shared_.plan.threads, 1u));
    options.pipeline = Preload::pipeline_for(preload.max_request_bytes());
    options.requests_per_connection = 0;
    Pool<Preload> pool(options, preload);
    if (!pool.start_epoll()) return 0;
    TimePoint now = OwnClock::now();
    for (pool.open_all(now); pool.is_opening() && !should_stop();)
        now = pool.turn(now, TimePoint::max()).ended;
    const std::uint32_t opened = pool.open_connections();
    for (const bool is_reading : {false, true}) {
        if (is_reading) preload.start_reading();
        if (opened > 0) pool.run(now);
        while (opened > 0 && !preload.is_done() && !should_stop())
            now = pool.turn(now, TimePoint::max()).ended;
    }
    return opened;
}

/// Opens what can be opened; whether that is enough, the coordinator says.
void LoadThread::connect() {
    TimePoint now = OwnClock::now();
    for (pool_->open_all(now); pool_->is_opening() && !should_stop();)
        now = pool_->turn(now, TimePoint::max()).ended;
    rendezvous_.add_open_connections(pool_->open_connections(), trial_.connect_error());
}

/// Own time, and what is waited for a CPU, stand still until `act` has returned.
template <typename Act>
void LoadThread::stand_still(Act act) {
    const TimePoint from = Clock::now();
    wait_->pause();
    act();
    wait_->go_on();
    OwnClock::skip(Clock::now() - from);
}

void LoadThread::take_slice() {
    stand_still([this] { shared_.plan.seat->take(stop_); });
}

/// Own time goes on until nothing is in flight: what a server still works at would be done in another's time.
/// A closed loop sends nothing meanwhile; an open one sends what comes due, and if that does not help within
/// a slice, takes its rest.
void LoadThread::settle() {
    const bool is_open = shared_.plan.rate_per_s.has_value();
    const TimePoint began = OwnClock::now();
    if (!is_open) pool_->pause();
    for (TimePoint now = began; pool_->in_flight() > 0 && !should_stop();) {
        if (is_open && now - began > shared_.plan.seat->length()) return take_rest();
        const auto turn = pool_->turn(now, TimePoint::max());
        now = turn.ended;
        if (turn.did_work) tally_.worked(turn.began, turn.ended, turn.idle);
    }
    if (!is_open) tally_.settled(places_, began, OwnClock::now());
}

/// Of an open loop the answers that are still to come, in time that is not its own: nothing comes due
/// meanwhile that would then be late. What they take until they are there is theirs all the same.
void LoadThread::take_rest() {
    stand_still([this] {
        pool_->pause();
        for (TimePoint now = OwnClock::now(); pool_->in_flight() > 0 && !should_stop();)
            now = pool_->turn(now, TimePoint::max()).ended;
    });
}

/// The window begins: nothing without slices. Returns own time, as pass_slice() does. At either end of the
/// window what is in flight is answered before the server is looked at, with nothing sent meanwhile, so that
/// the requests that ended in the window and the CPU time between the looks are of equally many.
TimePoint LoadThread::begin_slices() {
    if (shared_.plan.seat == nullptr) return OwnClock::now();
    shared_.plan.rate_per_s ? take_rest() : settle();
    meet_coordinator();
    return go_on(shared_.plan.seat->first_length());
}

TimePoint LoadThread::pass_slice() {
    settle();
    stand_still([this] {
        shared_.plan.seat->pass();
        shared_.plan.seat->take(stop_);
    });
    return go_on(shared_.plan.seat->length());
}

TimePoint LoadThread::go_on(Duration slice) {
    const TimePoint now = OwnClock::now();
    slice_end_ = now + slice;
    pool_->resume(now);
    return now;
}

/// At an end of the window, with nothing in flight: the coordinator looks at a server that stands still.
void LoadThread::meet_coordinator() {
    stand_still([this] { rendezvous_.arrive(); });
}

void LoadThread::measure() {
    const Rendezvous::Window window = rendezvous_.window();
    const bool is_sliced = shared_.plan.seat != nullptr;
    if (is_sliced) take_slice();
    trial_.begin(window.w0 - shared_.plan.warm_up, window.w0, window.w1);
    const TimePoint stopped = load_until_end(window);
    drain(stopped);
    trial_.drop_rest(std::min(stopped, window.w1)); // last: a long backlog must not delay the drain's reads
    if (is_sliced) {
        meet_coordinator();
        shared_.plan.seat->leave();
        shared_.plan.seat->await_end(
            stop_); // what comes after the load would disturb those that still measure
    }
    result_ = tally_.close();
}

LoadThread::Costs LoadThread::costs() const noexcept {
    return {thread_cpu_time(), wait_->so_far()};
}

void LoadThread::set_costs(const Costs& begin, const Costs& end) noexcept {
    tally_.set_cpu_time(end.cpu - begin.cpu);
    if (begin.waited && end.waited) tally_.set_run_queue_wait(*end.waited - *begin.waited);
}

/// Warm-up and window. Returns when they ended.
TimePoint LoadThread::load_until_end(const Rendezvous::Window& window) {
    TimePoint now = OwnClock::now();
    Costs at_start = costs();
    bool has_started = shared_.plan.seat == nullptr && now >= window.w0;
    pool_->run(now);
    while (now < window.w1 && !should_stop()) {
        if (now >= slice_end_) now = pass_slice();
        const TimePoint edge = has_started ? window.w1 : window.w0;
        const auto turn = pool_->turn(now, std::min({edge, slice_end_, trial_.next_overdue()}));
        now = turn.ended;
        trial_.drop_overdue(now);
        if (turn.did_work) tally_.worked(turn.began, turn.ended, turn.idle);
        if (has_started || now < window.w0) continue;
        has_started = true;
        now = begin_slices();
        at_start = costs();
    }
    if (!has_started) begin_slices(); // stopped before: the coordinator waits for it all the same
    if (should_stop()) tally_.cut_window(now);
    if (has_started) set_costs(at_start, costs());
    return now;
}

void LoadThread::drain(TimePoint stopped) {
    pool_->stop_sending([&](TimePoint due) { tally_.unsent(due, stopped); });
    TimePoint now = OwnClock::now();
    const TimePoint drained_by = now + shared_.plan.timeout; // what left last has its whole time too
    while (pool_->in_flight() > 0 && now < drained_by && !should_stop())
        now = pool_->turn(now, drained_by).ended;
    pool_->abandon([&](const Exchange& left) { tally_.ended(left, End::kInFlight, 0, now); });
}

} // namespace kvduel::load
