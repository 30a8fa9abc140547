#pragma once

#include "harness/load/exchange.hpp"
#include "harness/load/result.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>

namespace kvduel::load {

/// How a request ended.
enum class End : std::uint8_t {
    kSucceeded,
    kStatus,       ///< a whole answer with another status than expected
    kVerification, ///< a whole answer with a wrong value
    kTimeout,
    kReset,
    kProtocol,
    kInFlight, ///< unanswered when the drain ended
};

/// The books of one load thread: counts, histograms and the sums that Little's law is checked with. Written
/// by its thread alone; live() may be read by any. After reserve() nothing allocates but the turn of an
/// interval.
class Tally {
public:
    /// At most this many intervals: a window over 10 minutes has longer ones.
    static constexpr std::int64_t kMaxIntervals = 600;

    struct Live {
        std::atomic<std::uint64_t> succeeded = 0; ///< in all phases
        std::atomic<std::uint64_t> p99_ns = 0;    ///< of the last whole interval
    };

    /// Takes all the memory that a window of this length needs. Call before open_window().
    void reserve(Duration window);
    /// The window to come.
    void open_window(TimePoint w0, TimePoint w1);
    /// The window ends now, earlier than planned.
    void cut_window(TimePoint now);

    bool is_in_window(TimePoint t) const noexcept { return t >= w0_ && t < w1_; }
    TimePoint window_end() const noexcept { return w1_; }

    /// The first byte of `exchange` is about to go out. `free`: since when its connection was free.
    void sent(const Exchange& exchange, TimePoint free) noexcept;
    void ended(const Exchange& exchange, End end, int status, TimePoint at);
    /// A handshake failed while a request waited for it since `due`.
    void connect_failed(TimePoint due, TimePoint at);
    /// A request due since `due` is given up at `at`, never sent.
    void unsent(TimePoint due, TimePoint at);
    /// A request due then found no connection free.
    void waited_for_connection(TimePoint due) noexcept {
        if (is_in_window(due)) ++result_.requests.waited_for_connection;
    }
    void opened_connection() noexcept { ++result_.connections_opened; }
    void moved(std::uint64_t sent, std::uint64_t received, TimePoint at) noexcept {
        if (!is_in_window(at)) return;
        result_.bytes_sent += sent;
        result_.bytes_received += received;
    }
    void note_error(std::string_view text);

    /// A turn of the loop that did work lasted from `began` to `ended`, and looked for work for `idle` of it.
    void worked(TimePoint began, TimePoint ended, Duration idle) noexcept;
    /// A closed loop of `places` sent nothing meanwhile, as its slice was over; what lies in the window
    /// counts.
    void settled(double places, TimePoint began, TimePoint ended) noexcept;
    void set_cpu_time(Duration in_window) noexcept;
    void set_run_queue_wait(Duration in_window) noexcept;
    /// What was sent and answered outside this tally (the preload) counts for the server's own count.
    void add_all_phases(std::uint64_t sent, std::uint64_t completed, std::uint64_t connections) noexcept;

    const Live& live() const noexcept { return live_; }

    /// Closes the books. Call once, when the drain has ended.
    LoadResult close();

private:
    Duration overlap(TimePoint from, TimePoint to) const noexcept;
    void change_in_flight(int by, TimePoint at) noexcept;
    void record_times(const Exchange& exchange, TimePoint at) noexcept;
    void count(End end, int status) noexcept;
    void count_in_interval(End end, Duration latency, TimePoint at);
    void turn_interval();

    LoadResult result_;
    stats::Histogram
        sent_when_due_; ///< latency and service time of the requests whose send was due: all in a closed loop
    TimePoint w0_ = TimePoint::max(); ///< no window yet: nothing is in it
    TimePoint w1_ = TimePoint::max();
    TimePoint changed_at_{};
    std::uint64_t in_flight_ = 0;
    Duration busy_{};
    // What close() gives in seconds: summed in nanoseconds, to divide once and not at every request.
    double in_flight_ns_ = 0;
    double foreign_ns_ = 0;
    double own_outside_ns_ = 0;
    double unrecorded_ns_ = 0;
    Duration interval_length_{};
    TimePoint interval_end_{};
    Interval interval_;
    std::array<std::uint64_t, 600> status_counts_{};
    Live live_;
};

/// Adds `part`, one thread's books, to `whole`.
void merge(LoadResult& whole, const LoadResult& part);

} // namespace kvduel::load
