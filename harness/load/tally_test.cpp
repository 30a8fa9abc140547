#include "harness/load/tally.hpp"

#include <doctest/doctest.h>

namespace kvduel::load {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const TimePoint kWindowBegin{seconds(1'000)};

/// Books of a window of 2 s that begins at kWindowBegin.
struct Books {
    explicit Books(Duration window = seconds(2)) {
        tally.reserve(window);
        tally.open_window(kWindowBegin, kWindowBegin + window);
    }
    Exchange send(Duration due, Duration send) {
        Exchange exchange;
        exchange.due = kWindowBegin + due;
        exchange.send = kWindowBegin + send;
        exchange.is_of_window = tally.is_in_window(exchange.due);
        tally.sent(exchange, exchange.due);
        return exchange;
    }
    void end(const Exchange& exchange, End end, Duration at, int status = 200) {
        tally.ended(exchange, end, status, kWindowBegin + at);
    }
    Tally tally;
};

} // namespace

TEST_CASE("a request belongs to the window it is due in, whenever it ends") {
    Books books;
    const Exchange before = books.send(milliseconds(-10), milliseconds(-10));
    const Exchange first = books.send(milliseconds(0), milliseconds(0));
    books.end(before, End::kSucceeded, milliseconds(5));
    books.end(first, End::kSucceeded, milliseconds(7));
    const Exchange last = books.send(milliseconds(1'999), milliseconds(1'999));
    const Exchange after = books.send(milliseconds(2'000), milliseconds(2'000));
    books.end(last, End::kSucceeded, milliseconds(2'500));
    books.end(after, End::kSucceeded, milliseconds(2'500));
    const LoadResult result = books.tally.close();
    CHECK(result.requests.sent == 2);
    CHECK(result.requests.succeeded == 2);
    CHECK(result.sent_all_phases == 4);
    CHECK(result.completed_all_phases == 4);
    CHECK(result.latency.max() == 501'000'000);
    CHECK(result.foreign_time_s == doctest::Approx(0.005));
    CHECK(result.own_time_outside_s == doctest::Approx(0.5));
    CHECK(result.in_flight_time_s == doctest::Approx(0.005 + 0.007 + 0.001));
}

TEST_CASE("latency counts from the due time, service time from the send, lateness between the two") {
    Books books;
    const Exchange late = books.send(milliseconds(10), milliseconds(14));
    books.end(late, End::kSucceeded, milliseconds(20));
    const LoadResult result = books.tally.close();
    CHECK(result.latency.max() == 10'000'000);
    CHECK(result.service_time.max() == 6'000'000);
    CHECK(result.send_lateness.max() == 4'000'000);
}

TEST_CASE("waiting for a connection is no lateness: that is the server's") {
    Books books;
    Exchange waited;
    waited.due = kWindowBegin + milliseconds(10);
    waited.send = kWindowBegin + milliseconds(14);
    waited.is_of_window = true;
    books.tally.sent(waited, kWindowBegin + milliseconds(13));
    books.tally.waited_for_connection(waited.due);
    books.tally.waited_for_connection(kWindowBegin - milliseconds(1));
    books.end(waited, End::kSucceeded, milliseconds(20));
    const LoadResult result = books.tally.close();
    CHECK(result.send_lateness.max() == 1'000'000);
    CHECK(result.latency.max() == 10'000'000);
    CHECK(result.requests.waited_for_connection == 1);
}

TEST_CASE("each way to end has its counter; only successes and timeouts leave a latency") {
    Books books;
    for (const End end : {End::kSucceeded, End::kStatus, End::kVerification, End::kTimeout, End::kReset,
                          End::kProtocol, End::kInFlight})
        books.end(books.send(milliseconds(1), milliseconds(1)), end, milliseconds(3),
                  end == End::kStatus ? 503 : 200);
    books.tally.connect_failed(kWindowBegin, kWindowBegin + milliseconds(3));
    books.tally.unsent(kWindowBegin, kWindowBegin + milliseconds(4));
    const LoadResult result = books.tally.close();
    const Requests& requests = result.requests;
    CHECK(requests.sent == 8);
    CHECK(requests.completed == 3);
    CHECK(requests.succeeded == 1);
    CHECK(requests.in_flight_at_end == 1);
    CHECK(requests.unsent == 1);
    CHECK(requests.errors.connect == 1);
    CHECK(requests.errors.timeout == 1);
    CHECK(requests.errors.reset == 1);
    CHECK(requests.errors.protocol == 1);
    CHECK(requests.errors.status == 1);
    CHECK(requests.errors.verification == 1);
    CHECK(result.latency.count() == 3); // succeeded, timed out, unsent
    CHECK(result.service_time.count() == 2);
    CHECK(result.unrecorded_time_s == doctest::Approx(5 * 0.002));
    CHECK(result.status_counts == std::map<int, std::uint64_t>{{200, 2}, {503, 1}});
    CHECK(result.sent_all_phases == 7); // a handshake that failed sent the server nothing
}

TEST_CASE("intervals hold what ended in them, whoever it belongs to, and cover the window") {
    Books books(milliseconds(2'500));
    books.end(books.send(milliseconds(-5), milliseconds(-5)), End::kSucceeded, milliseconds(999));
    books.end(books.send(milliseconds(0), milliseconds(0)), End::kStatus, milliseconds(1'000), 500);
    books.end(books.send(milliseconds(0), milliseconds(0)), End::kSucceeded, milliseconds(2'499));
    books.end(books.send(milliseconds(0), milliseconds(0)), End::kSucceeded, milliseconds(2'500));
    const LoadResult result = books.tally.close();
    REQUIRE(result.intervals.size() == 3);
    CHECK(result.intervals[0].completed == 1);
    CHECK(result.intervals[1].completed == 1);
    CHECK(result.intervals[1].errors == 1);
    CHECK(result.intervals[1].latency.count() == 0);
    CHECK(result.intervals[2].completed == 1);
    CHECK(result.intervals[2].start_s == 2);
    CHECK(result.intervals[2].duration_s == doctest::Approx(0.5));
}

TEST_CASE("a window of hours has a bounded number of intervals") {
    Books books(std::chrono::hours(2));
    books.end(books.send(seconds(1), seconds(1)), End::kSucceeded, seconds(7'199));
    const LoadResult result = books.tally.close();
    CHECK(result.intervals.size() <= Tally::kMaxIntervals);
    CHECK(result.intervals.front().duration_s == 13);
    CHECK(result.intervals.back().completed == 1);
    CHECK(result.intervals.back().start_s + result.intervals.back().duration_s == doctest::Approx(7'200));
}

TEST_CASE("work counts as busy only within the window and without what it waited in between, bytes as well") {
    Books books;
    books.tally.worked(kWindowBegin - milliseconds(100), kWindowBegin + milliseconds(500), milliseconds(0));
    books.tally.worked(kWindowBegin + milliseconds(1'500), kWindowBegin + milliseconds(2'500),
                       milliseconds(100));
    books.tally.worked(kWindowBegin - milliseconds(100), kWindowBegin + milliseconds(1),
                       milliseconds(50)); // before it
    books.tally.moved(10, 20, kWindowBegin - milliseconds(1));
    books.tally.moved(1, 2, kWindowBegin);
    books.tally.moved(100, 200, kWindowBegin + seconds(2));
    const LoadResult result = books.tally.close();
    CHECK(result.generator_busy_share == doctest::Approx(0.45));
    CHECK(result.bytes_sent == 1);
    CHECK(result.bytes_received == 2);
}

TEST_CASE("a cut window lasts as long as it lasted") {
    Books books;
    books.end(books.send(milliseconds(0), milliseconds(0)), End::kSucceeded, milliseconds(200));
    books.tally.cut_window(kWindowBegin + milliseconds(500));
    const LoadResult result = books.tally.close();
    CHECK(result.duration_s == doctest::Approx(0.5));
    CHECK(result.intervals.size() == 1);
    CHECK(result.intervals[0].duration_s == doctest::Approx(0.5));
}

TEST_CASE("a slice that ends counts only within the window, for each place of the loop") {
    Books books;
    books.tally.settled(8, kWindowBegin - milliseconds(100), kWindowBegin);
    books.tally.settled(8, kWindowBegin - milliseconds(100), kWindowBegin + milliseconds(10));
    books.tally.settled(8, kWindowBegin + milliseconds(1'995), kWindowBegin + milliseconds(2'100));
    books.tally.settled(8, kWindowBegin + seconds(2), kWindowBegin + seconds(3));
    LoadResult whole;
    merge(whole, books.tally.close());
    CHECK(whole.settling_time_s == doctest::Approx(8 * 0.015));
}

TEST_CASE("merged books are the sum, with the busiest thread's share") {
    LoadResult whole;
    for (const int millis : {300, 700}) {
        Books books;
        books.tally.worked(kWindowBegin, kWindowBegin + milliseconds(millis), {});
        books.end(books.send(milliseconds(0), milliseconds(0)), End::kSucceeded, milliseconds(millis));
        books.tally.set_run_queue_wait(milliseconds(millis));
        merge(whole, books.tally.close());
    }
    CHECK(whole.run_queue_wait_s == doctest::Approx(1));
    CHECK(whole.requests.succeeded == 2);
    CHECK(whole.latency.count() == 2);
    CHECK(whole.generator_busy_share == doctest::Approx(0.35));
    CHECK(whole.intervals.size() == 2);
    CHECK(whole.intervals[0].completed == 2);
    CHECK(whole.status_counts.at(200) == 2);
    CHECK(whole.duration_s == doctest::Approx(2));
}

} // namespace kvduel::load
