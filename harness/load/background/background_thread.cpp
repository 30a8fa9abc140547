#include "harness/load/background/background_thread.hpp"

#include "harness/load/background/idle.hpp"
#include "harness/load/background/noise.hpp"
#include "harness/load/background/slow_readers.hpp"
#include "harness/load/background/slow_senders.hpp"
#include "harness/load/own_thread.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>

namespace kvduel::load {

namespace {

std::unique_ptr<Disturbance> make_disturbance(const Plan& plan, const Address& address,
                                              const Background& background, std::uint64_t first_port) {
    switch (background.kind) {
    case BackgroundKind::kIdle: return std::make_unique<Idle>(plan, address, background, first_port);
    case BackgroundKind::kSlowReaders:
        return std::make_unique<SlowReaders>(plan, address, background, first_port);
    case BackgroundKind::kSlowSenders:
        return std::make_unique<SlowSenders>(plan, address, background, first_port);
    case BackgroundKind::kNoise: return std::make_unique<Noise>(plan, address, background, first_port);
    }
    return nullptr;
}

/// Those that no load thread is pinned to, if there are any.
std::vector<int> cpus_for_background(const Plan& plan) {
    if (plan.cpus.size() <= plan.threads) return plan.cpus;
    return {plan.cpus.begin() + static_cast<std::ptrdiff_t>(plan.threads), plan.cpus.end()};
}

} // namespace

void BackgroundThread::run() {
    own_descriptors();
    run_on(cpus_for_background(plan_));
    give_way();
    run_phases();
    disturbances_.clear(); // here: to another thread their descriptors are none, or somebody else's
    epoll_.reset();
}

void BackgroundThread::run_phases() {
    const bool is_ready = prepare();
    if (!rendezvous_.arrive()) return;
    if (is_ready) open();
    if (!rendezvous_.arrive()) return;
    disturb();
    rendezvous_.leave();
}

/// False, with the error reported, if a descriptor is not to be had.
bool BackgroundThread::prepare() {
    epoll_.reset(::epoll_create1(EPOLL_CLOEXEC));
    std::uint64_t first_port = 0;
    for (const Background& background : plan_.background) {
        disturbances_.push_back(make_disturbance(plan_, address_, background, first_port));
        first_port += background.connections;
        epoll_event event{.events = EPOLLIN, .data = {.u32 = 0}};
        if (disturbances_.back()->start_epoll() &&
            ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, disturbances_.back()->epoll(), &event) == 0)
            continue;
        rendezvous_.report(
            {ErrorKind::kUnavailable, "", std::string("no epoll: ") + std::strerror(errno), ""});
        return false;
    }
    return true;
}

template <typename Check>
bool BackgroundThread::all(Check check) const {
    return std::all_of(disturbances_.begin(), disturbances_.end(),
                       [&](const auto& disturbance) { return check(*disturbance); });
}

/// What could not be opened, the checks of the trial will say.
void BackgroundThread::open() {
    for (const auto& disturbance : disturbances_) disturbance->open_all(Clock::now());
    while (!all([](const Disturbance& one) { return !one.is_opening(); }) && !should_stop())
        turn(TimePoint::max());
}

/// Waits for something to do, until `until` at the most, and lets each have its turn.
void BackgroundThread::turn(TimePoint until) {
    TimePoint now = Clock::now();
    until = std::min(until, now + kMaxSleep);
    for (const auto& disturbance : disturbances_) until = std::min(until, disturbance->next_due());
    std::array<epoll_event, kMaxBackgrounds> ready;
    wait_.wait(epoll_.get(), ready, until - now);
    now = Clock::now();
    Duration before = thread_cpu_time();
    for (const auto& disturbance : disturbances_) {
        disturbance->turn(now);
        const Duration after = thread_cpu_time();
        disturbance->add_cpu_time(after - before, now);
        before = after;
    }
}

void BackgroundThread::disturb() {
    const Rendezvous::Window window = rendezvous_.window();
    for (const auto& disturbance : disturbances_) disturbance->start(Clock::now(), window.w0, window.w1);
    while (Clock::now() < window.w1 && !should_stop()) turn(window.w1);
    while (!rendezvous_.have_left(plan_.threads) && !should_stop()) turn(TimePoint::max());
    const TimePoint end = Clock::now() + kLastAnswers;
    for (const auto& disturbance : disturbances_) disturbance->finish();
    while (!all([](const Disturbance& one) { return one.is_settled(); }) && Clock::now() < end &&
           !should_stop())
        turn(end);
    for (const auto& disturbance : disturbances_) results_.push_back(disturbance->close());
}

} // namespace kvduel::load
