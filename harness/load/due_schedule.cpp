#include "harness/load/due_schedule.hpp"

#include "harness/load/stream_names.hpp"

namespace kvduel::load {

namespace {

workload::Arrivals make_arrivals(const Plan& plan, std::uint64_t thread, std::string_view phase) {
    const workload::Seed seed = workload::Seed(plan.seed).split(kArrivalsStream).split(phase);
    return {plan.rate_per_s.value_or(workload::kLeastRate), plan.arrivals, seed, thread, plan.threads};
}

} // namespace

DueSchedule::DueSchedule(const Plan& plan, std::uint64_t thread)
    : arrivals_(make_arrivals(plan, thread, kWarmUpStream)),
      window_(make_arrivals(plan, thread, kWindowStream)) {}

void DueSchedule::begin(TimePoint start, TimePoint w0, TimePoint w1) noexcept {
    start_ = start;
    w0_ = w0;
    w1_ = w1;
    settle();
}

void DueSchedule::take() noexcept {
    arrivals_.advance();
    ++index_;
    settle();
}

void DueSchedule::start_window() noexcept {
    if (is_of_window_) return;
    enter_window();
    settle();
}

void DueSchedule::enter_window() noexcept {
    is_of_window_ = true;
    arrivals_ = window_;
    start_ = w0_;
    index_ = 0;
}

void DueSchedule::settle() noexcept {
    if (!is_of_window_ && start_ + arrivals_.due() >= w0_) enter_window();
    next_due_ = start_ + arrivals_.due();
    if (is_of_window_ && next_due_ >= w1_) next_due_ = TimePoint::max();
}

} // namespace kvduel::load
