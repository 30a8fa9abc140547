#pragma once

#include "core/http/response_parser.hpp"
#include "harness/load/due_schedule.hpp"
#include "harness/load/exchange.hpp"
#include "harness/load/plan.hpp"
#include "harness/load/request_builder.hpp"
#include "harness/load/stream_names.hpp"
#include "harness/load/tally.hpp"
#include "harness/load/write_ledger.hpp"
#include "harness/workload/request_stream.hpp"
#include "harness/workload/value.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kvduel::load {

/// What the threads of one trial share. Immutable but for the ledger, which looks after itself.
struct TrialShared {
    TrialShared(const Plan& trial_plan, std::string_view host);

    const Plan& plan;
    workload::ValueCodec codec;
    RequestBuilder builder;
    WriteLedger ledger;
};

/// Decides for one load thread what is sent from warm-up to the end of the window, and judges every answer:
/// the driver of its Pool. Not thread-safe.
///
/// Closed loop: a request is due the moment a connection is free for it, or the moment the handshake that it
/// needs begins. Open loop: when the schedule says so, and the request is drawn by its index in it, so that
/// what is due at a moment is the same whatever the server does.
class Trial {
public:
    Trial(TrialShared& shared, std::uint64_t thread, Tally& tally);

    /// The load begins: warm-up from `start` to the window of the tally.
    void begin(TimePoint start, TimePoint w0, TimePoint w1) noexcept;
    /// Of the open loop, or null.
    const DueSchedule* schedule() const noexcept { return schedule_ ? &*schedule_ : nullptr; }

    /// When the oldest request that still waits will have waited for the timeout; max() in a closed loop.
    TimePoint next_overdue() const noexcept;
    /// Gives up, as unsent, what has waited for the timeout or longer. To be called every turn.
    void drop_overdue(TimePoint now);
    /// The window is over: gives up all that was due by `now` and did not leave.
    void drop_rest(TimePoint now);

    bool is_sending(TimePoint now) const noexcept { return now < tally_.window_end(); }
    bool next(Exchange& exchange, TimePoint now) noexcept;
    std::size_t write(const Exchange& exchange, char* out) const noexcept {
        return shared_.builder.write(exchange, out);
    }
    std::size_t max_request_bytes() const noexcept { return shared_.builder.max_bytes(); }
    void sending(Exchange& exchange, TimePoint asked, TimePoint free, bool found_none) noexcept;
    void answered(const Exchange& exchange, const http::Response& response, TimePoint now);
    void failed(const Exchange& exchange, Failure failure, TimePoint now, std::string_view why);
    void connection_opened() noexcept { tally_.opened_connection(); }
    void connect_failed(std::optional<TimePoint> due, TimePoint now, std::string_view why);
    void moved(std::size_t sent, std::size_t received, TimePoint now) noexcept {
        tally_.moved(sent, received, now);
    }
    void disturbed(std::string_view why) { tally_.note_error(why); }

    /// Why the first handshake that no request waited for failed; empty if none did.
    const std::string& connect_error() const noexcept { return connect_error_; }

private:
    static constexpr std::uint64_t kWholeCheckEvery = 16; ///< of large values; the others at both ends

    void draw(Exchange& exchange, const workload::RequestStream& stream, std::uint64_t index) noexcept;
    void leave_warm_up(TimePoint now) noexcept;
    void drop_due_before(TimePoint limit, TimePoint now);
    End judge(const Exchange& exchange, const http::Response& response) noexcept;

    TrialShared& shared_;
    Tally& tally_;
    std::optional<DueSchedule> schedule_; ///< open loop
    workload::RequestStream warm_up_;
    workload::RequestStream window_;
    std::uint64_t warm_up_index_ = 0;
    std::uint64_t window_index_ = 0;
    std::uint64_t checks_ = 0;
    std::string connect_error_;
    int expected_status_;
    bool verifies_;
};

} // namespace kvduel::load
