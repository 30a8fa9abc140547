#include "harness/load/trial.hpp"

#include <string>

namespace kvduel::load {

namespace {

constexpr int kOk = 200;

bool writes(const workload::Workload& workload) {
    return !workload.path && workload.mix.post > 0;
}

} // namespace

TrialShared::TrialShared(const Plan& trial_plan, std::string_view host)
    : plan(trial_plan),
      codec(workload::Seed(trial_plan.seed).split(kValueSeed), trial_plan.workload.value_bytes),
      builder(trial_plan.workload, codec, host),
      ledger(writes(trial_plan.workload) ? trial_plan.workload.keys : 0, trial_plan.threads) {}

Trial::Trial(TrialShared& shared, std::uint64_t thread, Tally& tally)
    : shared_(shared), tally_(tally), warm_up_(shared.plan.workload, workload::Seed(shared.plan.seed),
                                               kWarmUpStream, thread, shared.plan.threads),
      window_(shared.plan.workload, workload::Seed(shared.plan.seed), kWindowStream, thread,
              shared.plan.threads),
      expected_status_(shared.plan.expect_status == 0 ? kOk : shared.plan.expect_status),
      verifies_(!shared.plan.workload.path) {
    if (shared.plan.rate_per_s) schedule_.emplace(shared.plan, thread);
}

void Trial::begin(TimePoint start, TimePoint w0, TimePoint w1) noexcept {
    tally_.open_window(w0, w1);
    if (schedule_) schedule_->begin(start, w0, w1);
}

TimePoint Trial::next_overdue() const noexcept {
    if (!schedule_ || schedule_->next_due() == TimePoint::max()) return TimePoint::max();
    return schedule_->next_due() + shared_.plan.timeout;
}

void Trial::drop_overdue(TimePoint now) {
    leave_warm_up(now);
    drop_due_before(now - shared_.plan.timeout, now);
}

void Trial::drop_rest(TimePoint now) {
    drop_due_before(now, now);
}

void Trial::leave_warm_up(TimePoint now) noexcept {
    if (schedule_ && tally_.is_in_window(now)) schedule_->start_window();
}

void Trial::drop_due_before(TimePoint limit, TimePoint now) {
    for (; schedule_ && schedule_->next_due() <= limit; schedule_->take()) {
        tally_.unsent(schedule_->next_due(), now);
        tally_.waited_for_connection(schedule_->next_due());
    }
}

bool Trial::next(Exchange& exchange, TimePoint now) noexcept {
    if (schedule_) {
        leave_warm_up(now);
        if (schedule_->next_due() > now) return false;
        exchange.due = schedule_->next_due();
        draw(exchange, schedule_->is_of_window() ? window_ : warm_up_, schedule_->index());
        schedule_->take();
        return true;
    }
    if (now >= tally_.window_end()) return false;
    if (tally_.is_in_window(now))
        draw(exchange, window_, window_index_++);
    else
        draw(exchange, warm_up_, warm_up_index_++);
    return true;
}

void Trial::draw(Exchange& exchange, const workload::RequestStream& stream, std::uint64_t index) noexcept {
    exchange.request = {};
    if (!verifies_) return;
    exchange.request = stream.at(index);
    const std::uint64_t key = exchange.request.key;
    exchange.version = exchange.request.operation == workload::Operation::kPost
                           ? shared_.ledger.begin_write(key)
                           : shared_.ledger.floor(key);
}

void Trial::sending(Exchange& exchange, TimePoint asked, TimePoint free, bool found_none) noexcept {
    if (!schedule_) exchange.due = asked;
    exchange.is_of_window = tally_.is_in_window(exchange.due);
    tally_.sent(exchange, free);
    if (found_none) tally_.waited_for_connection(exchange.due);
}

End Trial::judge(const Exchange& exchange, const http::Response& response) noexcept {
    if (response.status != expected_status_) return End::kStatus;
    const bool has_value = shared_.plan.is_verified && verifies_ && response.status == kOk &&
                           exchange.request.operation == workload::Operation::kGet;
    if (!has_value) return End::kSucceeded;
    if (response.body_size != shared_.codec.length()) return End::kVerification;
    const bool whole = checks_++ % kWholeCheckEvery == 0;
    const auto check = shared_.codec.check(response.body, exchange.request.key, exchange.version, whole);
    return check == workload::ValueCheck::kGood ? End::kSucceeded : End::kVerification;
}

void Trial::answered(const Exchange& exchange, const http::Response& response, TimePoint now) {
    const End end = judge(exchange, response);
    if (verifies_ && exchange.request.operation == workload::Operation::kPost)
        shared_.ledger.end_write(exchange.request.key, response.status / 100 == 2);
    tally_.ended(exchange, end, response.status, now);
    if (end == End::kStatus) tally_.note_error("status " + std::to_string(response.status));
    if (end == End::kVerification) tally_.note_error("a GET's value is not what was written to its key");
}

void Trial::failed(const Exchange& exchange, Failure failure, TimePoint now, std::string_view why) {
    static constexpr End kEnds[] = {End::kTimeout, End::kReset, End::kProtocol};
    tally_.ended(exchange, kEnds[static_cast<std::size_t>(failure)], 0, now);
    tally_.note_error(why);
}

void Trial::connect_failed(std::optional<TimePoint> due, TimePoint now, std::string_view why) {
    if (due) {
        tally_.connect_failed(*due, now);
        tally_.note_error(why);
        if (!schedule_) return;
        tally_.waited_for_connection(*due);
        schedule_->take(); // it was the oldest
    } else if (connect_error_.empty()) {
        connect_error_ = why;
    }
}

} // namespace kvduel::load
