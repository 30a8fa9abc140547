#pragma once

#include "core/http/response_parser.hpp"
#include "harness/load/exchange.hpp"
#include "harness/load/own_clock.hpp"
#include "harness/load/trial.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kvduel::load {

/// Writes version 0 of every key that a load thread owns, then reads a sample back: the driver of a Pool of
/// its own. Requests of a connection that the server closed are sent again, for nothing is measured here. Not
/// thread-safe.
class Preload {
public:
    static constexpr std::uint64_t kSample = 64; ///< keys read back
    static constexpr std::uint32_t kPipeline = 16;
    static constexpr std::uint32_t kConnections = 128;           ///< of all threads together
    static constexpr std::size_t kBytesInFlight = 65'536;        ///< per connection, if more than one request
    static constexpr int kMaxFailures = 1'000;                   ///< in a row, without an answer between
    static constexpr auto kMaxSilence = std::chrono::seconds(1); ///< and for so long after the timeout

    Preload(TrialShared& shared, std::uint64_t thread);

    /// How many requests a connection may have in flight.
    static std::uint32_t pipeline_for(std::size_t request_bytes) noexcept;

    /// Every key is written: next() gives the sample's reads.
    void start_reading() noexcept { is_reading_ = true; }
    bool is_done() const noexcept { return failure_.has_value() || answered_ == goal(); }
    const std::string& connect_error() const noexcept { return connect_error_; }
    const std::optional<std::string>& failure() const noexcept { return failure_; }
    std::uint64_t sent() const noexcept { return sent_; }
    std::uint64_t answered() const noexcept { return answered_; }
    std::uint64_t connections() const noexcept { return connections_; }

    bool is_sending(TimePoint) const noexcept { return !is_done(); }
    bool next(Exchange& exchange, TimePoint now) noexcept;
    std::size_t write(const Exchange& exchange, char* out) const noexcept {
        return shared_.builder.write(exchange, out);
    }
    std::size_t max_request_bytes() const noexcept { return shared_.builder.max_bytes(); }
    void sending(Exchange&, TimePoint, TimePoint, bool) noexcept { ++sent_; }
    void answered(const Exchange& exchange, const http::Response& response, TimePoint now);
    void failed(const Exchange& exchange, Failure failure, TimePoint now, std::string_view why);
    void connection_opened() noexcept { ++connections_; }
    void connect_failed(std::optional<TimePoint> due, TimePoint now, std::string_view why);
    void moved(std::size_t, std::size_t, TimePoint) const noexcept {}
    void disturbed(std::string_view why) { fail_once_more(why, OwnClock::now()); }

private:
    std::uint64_t goal() const noexcept { return is_reading_ ? owned_ + sample_ : owned_; }
    std::uint64_t key_of(std::uint64_t i) const noexcept { return i * shared_.plan.threads + thread_; }
    void fail(std::string_view what);
    void fail_once_more(std::string_view why, TimePoint now);

    TrialShared& shared_;
    std::uint64_t thread_;
    std::uint64_t owned_;
    std::uint64_t sample_;
    std::uint64_t drawn_ = 0;
    std::uint64_t sent_ = 0;
    std::uint64_t answered_ = 0;
    std::uint64_t connections_ = 0;
    std::optional<TimePoint> failing_since_; ///< no answer since then
    int failures_ = 0;
    bool is_reading_ = false;
    std::vector<workload::KeyRequest> again_; ///< at most what was in flight
    std::string connect_error_;
    std::optional<std::string> failure_;
};

} // namespace kvduel::load
