#pragma once

#include "core/http/body_decoder.hpp"
#include "core/http/head.hpp"
#include "core/kv/handle.hpp"
#include "core/kv/route.hpp"
#include "core/support/clock.hpp"
#include "servers/common/lane.hpp"
#include "servers/common/output.hpp"
#include "servers/common/request_body.hpp"
#include "servers/common/service.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace kvduel::servers {

/// What a conversation needs next from the server that carries it.
enum class Step : std::uint8_t {
    kReceive, ///< bytes: receive into receive_space(), then received() or received_end()
    kSend,    ///< its output on the way: send until nothing is unsent
    kHandle,  ///< an admitted request is whole: do the simulated work, then handle()
    kYield,   ///< it had its turn: flush the output, let others go first, then begin_turn()
    kLinger,  ///< the last answer is out: shut the sending side, drain, close
    kClose,   ///< nothing is owed: close
    kReset,   ///< the peer does not take its answers: close with a reset
};

/// One connection's protocol, from bytes to bytes: read_head, route, admit, decode_body, handle,
/// write_response, in this order for one request after the other. It does no I/O and never waits, so both
/// servers carry it alike:
///
///   for (;;) switch (conversation.advance(lane, now, shed)) { ... the model's way to receive, send, wait ...
///   }
///
/// Used by one thread at a time. Nothing throws: memory that runs out is a 503 that closes.
class Conversation {
public:
    explicit Conversation(Service& service) noexcept;

    /// Where the next bytes go; never empty. An empty span means that memory ran out, which is counted:
    /// close.
    std::span<char> receive_space(Lane& lane) noexcept;
    /// `now` is when the bytes were there: queue wait is counted from it.
    void received(std::size_t count, TimePoint now) noexcept;
    /// When the last bytes were there, or the last answer was made.
    TimePoint ready_at() const noexcept { return ready_at_; }
    void received_end() noexcept { peer_has_ended_ = true; }

    /// Goes on as far as it can without I/O. With `sheds` no request is admitted: each gets its 503, and one
    /// that was admitted earlier too, because its handler cannot run here.
    Step advance(Lane& lane, TimePoint now, bool sheds = false) noexcept;

    /// Carries out the request that kHandle named. `started` is when its handler began; the simulated work is
    /// done.
    void handle(Lane& lane, TimePoint started) noexcept;

    Output& output() noexcept { return output_; }
    /// Tells that `count` bytes went out, for the write deadline, which ends when nothing is unsent.
    void sent(std::uint64_t count) noexcept {
        sent_bytes_ += count;
        if (output_.unsent() == 0) write_since_ = TimePoint{};
    }

    void begin_turn() noexcept { answers_of_turn_ = 0; }

    /// What it waits for and until when: to be set before the wait that the last step asks for.
    Waiting waiting() const noexcept;
    TimePoint deadline(TimePoint now) noexcept;

    /// The wait was ended by the watchdog: 408, silent close or reset, by what it waited for. Call advance()
    /// next, unless it says kReset or kClose.
    Step expire(Lane& lane, TimePoint now) noexcept;

    /// Bytes that were received and belong to no request, or that memory ran out: such a close must linger.
    bool has_unread_input() const noexcept { return input_.size() > 0; }

private:
    enum class Phase : std::uint8_t { kHead, kBody, kReady, kClosing };
    enum class Progress : std::uint8_t { kGoOn, kStarved };

    Progress read_head(Lane& lane, TimePoint now, bool sheds);
    Progress decode_body(Lane& lane, TimePoint now);
    void accept_head(const http::Head& head, Lane& lane, TimePoint now, bool sheds);
    void admit(Lane& lane, bool sheds);
    void answer_ready(Lane& lane, TimePoint now);
    void refuse(const http::Refusal& refusal, Lane& lane, TimePoint now);
    http::Refusal of_this_request(http::Refusal refusal) const noexcept;
    void refuse_for_memory(Lane& lane, TimePoint now) noexcept;
    void answer(kv::Response&& response, Lane& lane, TimePoint now);
    void emit(kv::Response&& response, Lane& lane, TimePoint now);
    void finish_request() noexcept;
    Step starved_step() noexcept;

    Service& service_;
    Phase phase_ = Phase::kHead;
    bool peer_has_ended_ = false;
    bool lingers_ = false;    ///< how the closing phase ends
    bool keeps_alive_ = true; ///< the request in hand allows another
    bool is_http_1_0_ = false;
    std::uint8_t answers_of_turn_ = 0;

    ByteBuffer input_;
    Output output_;
    http::HeadReader head_reader_;
    http::BodyDecoder body_decoder_;
    kv::Route route_;
    std::string key_;
    std::optional<http::Refusal> pending_refusal_; ///< answers the request once its body is read
    std::optional<Admission::Ticket> ticket_;

    RequestBody body_;

    TimePoint ready_at_{};
    TimePoint head_since_{}; ///< when the head's first byte came; epoch: it has not
    TimePoint body_since_{};
    TimePoint write_since_{}; ///< when output began to wait; epoch: none waits
    std::uint64_t sent_bytes_ = 0;
};

} // namespace kvduel::servers
