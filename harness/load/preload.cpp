#include "harness/load/preload.hpp"

#include "harness/workload/keys.hpp"

#include <algorithm>

namespace kvduel::load {

namespace {

std::string describe(const workload::KeyRequest& request) {
    const workload::KeyText key = workload::key_text(request.key);
    return (request.operation == workload::Operation::kPost ? "POST of " : "GET of ") +
           std::string(key.begin(), key.end());
}

} // namespace

Preload::Preload(TrialShared& shared, std::uint64_t thread)
    : shared_(shared), thread_(thread),
      owned_((shared.plan.workload.keys + shared.plan.threads - 1 - thread) / shared.plan.threads),
      sample_(std::min(kSample, owned_)) {}

std::uint32_t Preload::pipeline_for(std::size_t request_bytes) noexcept {
    return static_cast<std::uint32_t>(std::clamp<std::size_t>(kBytesInFlight / request_bytes, 1, kPipeline));
}

bool Preload::next(Exchange& exchange, TimePoint) noexcept {
    if (failure_) return false;
    exchange.version = 0;
    if (!again_.empty()) {
        exchange.request = again_.back();
        again_.pop_back();
        return true;
    }
    if (drawn_ == goal()) return false;
    if (drawn_ < owned_)
        exchange.request = {workload::Operation::kPost, key_of(drawn_)};
    else
        exchange.request = {workload::Operation::kGet, key_of((drawn_ - owned_) * owned_ / sample_)};
    ++drawn_;
    return true;
}

void Preload::answered(const Exchange& exchange, const http::Response& response, TimePoint) {
    ++answered_;
    failures_ = 0;
    failing_since_.reset();
    if (response.status != 200)
        return fail(describe(exchange.request) + " answered " + std::to_string(response.status) +
                    ", not 200");
    if (exchange.request.operation == workload::Operation::kPost) return;
    const bool is_whole = response.body_size == shared_.codec.length();
    if (!is_whole ||
        shared_.codec.check(response.body, exchange.request.key, 0, true) != workload::ValueCheck::kGood)
        fail(describe(exchange.request) + " did not give the value just written");
}

void Preload::failed(const Exchange& exchange, Failure failure, TimePoint now, std::string_view why) {
    if (failure != Failure::kReset) return fail(describe(exchange.request) + ": " + std::string(why));
    again_.push_back(exchange.request);
    // The lost write may still be carried out, at any time: no later version of this key makes it stale.
    if (exchange.request.operation == workload::Operation::kPost) shared_.ledger.hold(exchange.request.key);
    fail_once_more(why, now);
}

void Preload::connect_failed(std::optional<TimePoint>, TimePoint now, std::string_view why) {
    if (connect_error_.empty()) connect_error_ = why;
    fail_once_more(why, now);
}

void Preload::fail_once_more(std::string_view why, TimePoint now) {
    if (!failing_since_) failing_since_ = now;
    const bool is_too_long = now - *failing_since_ > shared_.plan.timeout + kMaxSilence;
    if (++failures_ > kMaxFailures || is_too_long) fail(why);
}

void Preload::fail(std::string_view what) {
    if (!failure_) failure_ = what;
}

} // namespace kvduel::load
