#include "servers/common/conversation.hpp"

#include "servers/common/pages.hpp"
#include "servers/common/socket.hpp"

#include <algorithm>
#include <new>
#include <variant>

namespace kvduel::servers {
namespace {

constexpr std::size_t kInputBytes = 4'096;      // what an idle connection keeps
constexpr std::size_t kBodyInputBytes = 65'536; // what one that receives a large body may take
constexpr std::size_t kMaxUnsentBytes = 65'536; // above, no further request is read (contract, section 2)
constexpr std::uint8_t kMaxAnswersPerTurn = 16; // pipelined ones; memcached: 20
constexpr std::uint64_t kSlowestBytesPerS = 16 * 1024; // what a peer must at least manage

Duration time_for(std::uint64_t bytes) noexcept {
    return std::chrono::nanoseconds(bytes * (1'000'000'000 / kSlowestBytesPerS));
}

constexpr http::Refusal kBusy{http::Status::kServiceUnavailable, false};
constexpr http::Refusal kNoMemory{http::Status::kServiceUnavailable, true};
constexpr http::Refusal kTooSlow{http::Status::kRequestTimeout, true};

} // namespace

Conversation::Conversation(Service& service) noexcept
    : service_(service), head_reader_(service.options.limits), body_decoder_(service.options.limits),
      body_(service.bodies) {}

std::span<char> Conversation::receive_space(Lane& lane) noexcept {
    // A head that fills its bound has been refused before it asks for more, and a body is consumed as it
    // comes: the buffer's bound holds by construction.
    const bool is_large = phase_ == Phase::kBody && body_.is_longer_than(kInputBytes);
    try {
        return input_.prepare(is_large ? kBodyInputBytes / 2 : 1, kInputBytes);
    } catch (const std::bad_alloc&) {
        lane.metrics().reject(Rejection::kMemory);
        return {};
    }
}

void Conversation::received(std::size_t count, TimePoint now) noexcept {
    input_.commit(count);
    ready_at_ = now;
    answers_of_turn_ = 0;
    if (phase_ == Phase::kHead && head_since_ == TimePoint{}) head_since_ = now;
}

Step Conversation::advance(Lane& lane, TimePoint now, bool sheds) noexcept {
    now = std::max(now, ready_at_); // what stands behind an answered request begins when that was answered
    for (;;) {
        try {
            Progress progress = Progress::kGoOn;
            switch (phase_) {
            case Phase::kHead:
                if (output_.unsent() > kMaxUnsentBytes) return Step::kSend;
                if (answers_of_turn_ >= kMaxAnswersPerTurn && input_.size() > 0) return Step::kYield;
                progress = read_head(lane, now, sheds);
                break;
            case Phase::kBody: progress = decode_body(lane, now); break;
            case Phase::kReady:
                if (sheds && !pending_refusal_ && !route_.is_page()) {
                    lane.metrics().reject(Rejection::kQueue);
                    pending_refusal_ = kBusy;
                    pending_refusal_->head_only = route_.head_only;
                }
                if (!pending_refusal_ && !route_.is_page()) return Step::kHandle;
                answer_ready(lane, now);
                break;
            case Phase::kClosing:
                if (output_.unsent() > 0) return Step::kSend;
                return lingers_ || has_unread_input() ? Step::kLinger : Step::kClose;
            }
            if (progress == Progress::kStarved) return starved_step();
        } catch (const std::bad_alloc&) {
            refuse_for_memory(lane, now);
        }
    }
}

Step Conversation::starved_step() noexcept {
    if (output_.unsent() > 0) return Step::kSend;
    if (!peer_has_ended_) return Step::kReceive;
    phase_ = Phase::kClosing; // what is here will never be whole: nothing of it is stored
    return Step::kClose;
}

Conversation::Progress Conversation::read_head(Lane& lane, TimePoint now, bool sheds) {
    if (input_.size() == 0) return Progress::kStarved;
    if (head_since_ == TimePoint{}) head_since_ = now; // pipelined behind the last request
    http::HeadResult result = head_reader_.read(input_.bytes());
    if (std::holds_alternative<http::NeedMore>(result)) return Progress::kStarved;
    if (const auto* refusal = std::get_if<http::Refusal>(&result))
        refuse(*refusal, lane, now);
    else
        accept_head(std::get<http::Head>(result), lane, now, sheds);
    return Progress::kGoOn;
}

void Conversation::accept_head(const http::Head& head, Lane& lane, TimePoint now, bool sheds) {
    keeps_alive_ = head.keeps_alive;
    is_http_1_0_ = head.is_http_1_0;
    const bool has_body = head.framing == http::Framing::kChunked || head.content_length > 0;
    const bool expects_continue = has_body && head.expectation == http::Expectation::kContinue;
    const http::Limits& limits = service_.options.limits;
    std::uint64_t max_body = kv::max_body_bytes(head.method, limits);

    kv::RouteResult routed = kv::route(head, limits, key_);
    if (const auto* refusal = std::get_if<http::Refusal>(&routed)) {
        pending_refusal_ = *refusal;
        route_ = kv::Route{};
    } else {
        route_ = std::get<kv::Route>(routed);
        max_body = route_.max_body_bytes;
        admit(lane, sheds);
    }
    // An answer that is known before a large body came: RFC 9110 10.1.1 lets it go at once, and the body
    // never comes.
    const bool is_known = pending_refusal_ && (pending_refusal_->closes || expects_continue);
    if (is_known) {
        http::Refusal refusal = *pending_refusal_;
        refusal.closes = true;
        refuse(refusal, lane, now);
        return;
    }
    body_.start(route_.keeps_body() && !pending_refusal_, head.content_length);
    body_decoder_.start(head, max_body);
    input_.consume(head.size);
    // Also when the body is here already: how the bytes were cut must not change what comes back.
    if (expects_continue) output_.append(http::kContinueResponse);
    body_since_ = now;
    phase_ = Phase::kBody;
}

void Conversation::admit(Lane& lane, bool sheds) {
    if (route_.is_page()) return;
    if (!sheds) ticket_ = service_.admission.try_admit();
    if (ticket_) return;
    lane.metrics().reject(sheds ? Rejection::kQueue : Rejection::kInFlight);
    pending_refusal_ = kBusy;
    pending_refusal_->head_only = route_.head_only;
}

Conversation::Progress Conversation::decode_body(Lane& lane, TimePoint now) {
    for (;;) {
        const http::BodyDecoder::Decoded decoded = body_decoder_.decode(input_.view());
        if (decoded.state == http::BodyDecoder::State::kRefused) {
            refuse(decoded.refusal, lane, now);
            return Progress::kGoOn;
        }
        const bool starves = decoded.state == http::BodyDecoder::State::kNeedMore;
        if (!body_.take(decoded.data) || (starves && !body_.settle())) {
            lane.metrics().reject(Rejection::kBodyBudget);
            refuse(of_this_request(kNoMemory), lane, now);
            return Progress::kGoOn;
        }
        input_.consume(decoded.consumed);
        if (starves) return Progress::kStarved;
        if (decoded.state == http::BodyDecoder::State::kDone) {
            phase_ = Phase::kReady;
            return Progress::kGoOn;
        }
    }
}

void Conversation::handle(Lane& lane, TimePoint started) noexcept {
    MetricsShard& metrics = lane.metrics();
    started = std::max(started, ready_at_); // a pipelined one is ready when the one before it is answered
    metrics.queue_wait.record(started - ready_at_);
    try {
        output_.reserve_message(); // once a write is stored, its answer must not fail
        // The simulated work may have taken seconds: the Date is not to be that old.
        const TimePoint now = service_.work.any() ? Clock::now() : started;
        answer(kv::handle(route_, key_, body_.body(), *service_.store, service_.options.limits), lane, now);
    } catch (...) {
        metrics.handler_failures.add();
        refuse_for_memory(lane, started);
    }
    const TimePoint answered = Clock::now();
    metrics.handler.record(answered - started);
    ready_at_ = answered;
}

void Conversation::answer_ready(Lane& lane, TimePoint now) {
    if (pending_refusal_) {
        answer(kv::refuse(*pending_refusal_), lane, now);
        return;
    }
    lane.metrics().pages.add();
    emit(make_page(route_, service_), lane, now);
}

/// A refusal that may come at any moment of a request, as the answer to this one: to HEAD without a body.
http::Refusal Conversation::of_this_request(http::Refusal refusal) const noexcept {
    const std::string_view input = input_.view();
    if (phase_ == Phase::kHead) // one empty line may stand before it
        refusal.head_only = input.starts_with("HEAD ") || input.starts_with("\r\nHEAD ");
    else
        refusal.head_only = pending_refusal_ ? pending_refusal_->head_only : route_.head_only;
    return refusal;
}

void Conversation::refuse(const http::Refusal& refusal, Lane& lane, TimePoint now) {
    answer(kv::refuse(refusal), lane, now);
}

// Without memory for an answer nothing can be promised: what is there goes out, then the connection ends.
void Conversation::refuse_for_memory(Lane& lane, TimePoint now) noexcept {
    lane.metrics().reject(Rejection::kMemory);
    try {
        refuse(of_this_request(kNoMemory), lane, now);
    } catch (const std::bad_alloc&) {
        finish_request();
        phase_ = Phase::kClosing;
        lingers_ = true;
    }
}

void Conversation::answer(kv::Response&& response, Lane& lane, TimePoint now) {
    const http::Status status = response.head.status;
    emit(std::move(response), lane, now);
    lane.metrics().answered(status);
}

void Conversation::emit(kv::Response&& response, Lane& lane, TimePoint now) {
    const bool closes =
        response.closes || !keeps_alive_ || service_.is_draining.load(std::memory_order_relaxed);
    if (closes)
        response.head.connection = http::ConnectionField::kClose;
    else if (is_http_1_0_)
        response.head.connection = http::ConnectionField::kKeepAlive;
    output_.write_response(response, lane.date(now));
    finish_request();
    if (closes) {
        phase_ = Phase::kClosing;
        lingers_ = response.closes;
    }
    ++answers_of_turn_;
}

void Conversation::finish_request() noexcept {
    ticket_.reset();
    pending_refusal_.reset();
    head_reader_.reset();
    route_ = kv::Route{};
    body_.clear();
    if (key_.capacity() > kInputBytes) std::string().swap(key_); // a path of many KiB, decoded
    head_since_ = TimePoint{};
    phase_ = Phase::kHead;
    if (input_.size() == 0 && input_.capacity() > kInputBytes)
        input_.release(); // an idle connection stays small
}

Waiting Conversation::waiting() const noexcept {
    if (output_.unsent() > 0) return Waiting::kWriting;
    if (phase_ == Phase::kClosing) return Waiting::kLingering;
    return phase_ == Phase::kHead && input_.size() == 0 ? Waiting::kIdle : Waiting::kReading;
}

TimePoint Conversation::deadline(TimePoint now) noexcept {
    const Options& options = service_.options;
    now = std::max(now, ready_at_); // a handler may have taken longer than the wait that now begins
    if (output_.unsent() > 0) {
        if (write_since_ == TimePoint{}) {
            write_since_ = now;
            sent_bytes_ = 0;
        }
        return write_since_ + options.write_timeout + time_for(sent_bytes_);
    }
    write_since_ = TimePoint{};
    if (phase_ == Phase::kBody) return body_since_ + options.header_timeout + time_for(body_.received());
    if (phase_ == Phase::kHead && input_.size() == 0) return now + options.idle_timeout;
    if (phase_ == Phase::kHead) return head_since_ + options.header_timeout;
    return now + kLingerTime;
}

Step Conversation::expire(Lane& lane, TimePoint now) noexcept {
    MetricsShard& metrics = lane.metrics();
    if (output_.unsent() > 0) {
        metrics.expired(Deadline::kWrite);
        return Step::kReset;
    }
    if (phase_ == Phase::kClosing) return Step::kClose;
    if (phase_ == Phase::kHead && input_.size() == 0) {
        // A drain ends the idle too, and that is no deadline.
        if (!service_.is_draining.load(std::memory_order_relaxed)) metrics.expired(Deadline::kIdle);
        return Step::kClose;
    }
    metrics.expired(phase_ == Phase::kHead ? Deadline::kHeader : Deadline::kBody);
    try {
        refuse(of_this_request(kTooSlow), lane, now);
    } catch (const std::bad_alloc&) {
        metrics.reject(Rejection::kMemory);
        return Step::kClose;
    }
    return Step::kSend;
}

} // namespace kvduel::servers
