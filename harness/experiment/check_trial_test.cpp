#include "harness/experiment/check_trial.hpp"

#include "harness/experiment/load_for_test.hpp"

#include <doctest/doctest.h>

#include <signal.h>

#include <algorithm>
#include <functional>
#include <set>

namespace kvduel::experiment {

namespace {

/// A trial without fault, to be doctored.
struct Doctored {
    Parameters parameters = sound_parameters();
    load::LoadResult load = sound_load();
    Evidence evidence;

    Doctored() {
        evidence.requests_counted = 60'000;
        evidence.wall_window_s = evidence.boot_window_s = evidence.monotonic_window_s = 2.0;
        evidence.longest_gap_s = 0.1;
        evidence.steal_ratio = 0.0;
        evidence.listen_drops = 0;
        evidence.exit.code = 0;
    }
    Doctored(const Doctored&) = delete;
    Doctored& operator=(const Doctored&) = delete;

    std::vector<Finding> judge() {
        evidence.load = &load;
        return check_trial(parameters, evidence);
    }
};

/// One request in fifty left `ns` late.
void be_late(Doctored& d, std::uint64_t ns) {
    d.load.send_lateness.clear();
    for (int i = 0; i < 40'000; ++i) d.load.send_lateness.record(i % 50 == 0 ? ns : 100);
}

/// `count` requests beyond those sent were due in an open loop and never left.
void leave_unsent(Doctored& d, std::uint64_t count) {
    d.parameters.loop = Loop::kOpen;
    d.load.requests.unsent = count;
    for (std::uint64_t i = 0; i < count; ++i) d.load.latency.record(100'000);
}

struct Fault {
    const char* code;
    bool makes_invalid;
    const char* message;
    std::function<void(Doctored&)> doctor;
};

const Error kNoServer{ErrorKind::kUnavailable, "contender \"mine\"", "no listening line within 10 s", ""};

const std::vector<Fault>& faults() {
    static const std::vector<Fault> kFaults{
        {"interrupted", true, "a signal ended the trial early",
         [](Doctored& d) { d.evidence.was_interrupted = true; }},
        {"server_not_started", true, "contender \"mine\": no listening line within 10 s",
         [](Doctored& d) { d.evidence.start_error = kNoServer; }},
        {"server_died", true, "the server was ended by SIGSEGV before it was told to end",
         [](Doctored& d) {
             d.evidence.has_server_died = true;
             d.evidence.exit.code.reset();
             d.evidence.exit.signal = SIGSEGV;
         }},
        {"server_died", true, "the server exited with 1 before it was told to end",
         [](Doctored& d) {
             d.evidence.has_server_died = true;
             d.evidence.exit.code = 1;
         }},
        {"server_unreachable", true, "contender \"mine\": no listening line within 10 s",
         [](Doctored& d) { d.evidence.load_error = kNoServer; }},
        {"preload_failed", true, "contender \"mine\": no listening line within 10 s",
         [](Doctored& d) {
             d.evidence.load_error = kNoServer;
             d.evidence.did_preload_fail = true;
         }},
        {"conservation_violated", true, "completed 40000, but succeeded + status + verification errors 39999",
         [](Doctored& d) { --d.load.requests.succeeded; }},
        {"conservation_violated", true,
         "sent 40001, but completed + in flight + errors without an answer 40000",
         [](Doctored& d) { ++d.load.requests.sent; }},
        {"conservation_violated", true, "40000 latencies, but succeeded + timeouts + unsent 40001",
         [](Doctored& d) { ++d.load.requests.unsent; }},
        {"littles_law_violated", true,
         "requests were in flight for 4.2 s, but their service times make 4 s (allowed: 0.101 s apart)",
         [](Doctored& d) { d.load.in_flight_time_s = 4.2; }},
        {"littles_law_violated", true, "2 requests were in flight on average, 3 connections ask for 3",
         [](Doctored& d) { d.parameters.connections = 3; }},
        {"server_count_mismatch", true,
         "the server counted 59999 requests; 60000 were sent and 60000 answered",
         [](Doctored& d) { d.evidence.requests_counted = 59'999; }},
        {"server_count_mismatch", true,
         "the server counted 60001 requests; 60000 were sent and 59990 answered",
         [](Doctored& d) {
             d.load.completed_all_phases = 59'990;
             d.evidence.requests_counted = 60'001;
         }},
        {"generator_saturated", true,
         "the busiest load thread was busy for 91 % of the window: it measures the generator",
         [](Doctored& d) { d.load.generator_busy_share = 0.91; }},
        {"send_late", true,
         "1 % of the requests left over 1000.45 us late; latency is 100.031 us at P50, 100.031 us at P99",
         [](Doctored& d) { be_late(d, 1'000'100); }},
        {"send_late", false,
         "1 % of the requests left over 100.095 us late; latency is 100.031 us at P50, 100.031 us at P99",
         [](Doctored& d) { be_late(d, 100'070); }},
        {"offered_rate_missed", true, "405 of 40405 requests were due and never sent (1 %)",
         [](Doctored& d) { leave_unsent(d, 405); }},
        {"offered_rate_missed", false, "405 of 40405 requests were due and never sent (1 %)",
         [](Doctored& d) {
             leave_unsent(d, 405);
             d.parameters.are_errors_expected = true;
         }},
        {"connections_exhausted", false, "401 of 40000 requests found no connection free (1 %)",
         [](Doctored& d) {
             d.parameters.loop = Loop::kOpen;
             d.load.requests.waited_for_connection = 401;
         }},
        {"errors_high", true, "401 of 40000 requests failed (1 %); the first: 503",
         [](Doctored& d) {
             d.load.requests.errors.status = 401;
             d.load.requests.succeeded = 39'599;
             d.load.latency.clear();
             for (int i = 0; i < 39'599; ++i) d.load.latency.record(100'000);
             d.load.first_error = "503";
         }},
        {"clock_unsound", true, "the window took 2.003 s by the wall clock and 2 s by the monotonic one",
         [](Doctored& d) { d.evidence.wall_window_s = 2.003; }},
        {"clock_unsound", true, "the window took 7 s by the boot clock and 2 s by the monotonic one",
         [](Doctored& d) { d.evidence.boot_window_s = 7.0; }},
        {"window_short", true, "the window was 2 s of 2.1 s",
         [](Doctored& d) { d.parameters.duration_s = 2.1; }},
        {"not_steady", false, "the rate went from 20000/s to 25000/s within the window",
         [](Doctored& d) { d.load.intervals[1].completed = 25'000; }},
        {"not_steady", false, "p50 went from 100.031 us to 200.063 us within the window",
         [](Doctored& d) {
             d.load.intervals[1].latency.clear();
             d.load.intervals[1].latency.record(200'000);
         }},
        {"histogram_saturated", false, "1 latencies over one hour",
         [](Doctored& d) {
             d.load.latency.record(stats::Histogram::kHighest + 1);
             ++d.load.requests.succeeded;
             ++d.load.requests.completed;
             ++d.load.requests.sent;
         }},
        {"listen_overflow", false, "the kernel dropped 3 connections at a full accept queue",
         [](Doctored& d) { d.evidence.listen_drops = 3; }},
        {"noisy_machine", false, "2 % of CPU time was stolen",
         [](Doctored& d) { d.evidence.steal_ratio = 0.02; }},
        {"noisy_machine", false,
         "the load waited for its CPU for 3 % of the window: something else ran there",
         [](Doctored& d) { d.evidence.run_queue_wait_ratio = 0.03; }},
        {"noisy_machine", false, "the harness did not run for 0.6 s",
         [](Doctored& d) { d.evidence.longest_gap_s = 0.6; }},
        {"shared_cpus", false, "server and load may run on the same core: each slows the other",
         [](Doctored& d) { d.evidence.are_cpus_shared = true; }},
        {"server_cpu_unknown", false, "the server's CPU time could not be read",
         [](Doctored& d) { d.evidence.is_server_cpu_known = false; }},
        {"server_killed", false, "the server did not end after SIGTERM and was killed",
         [](Doctored& d) {
             d.evidence.exit.code.reset();
             d.evidence.exit.signal = SIGKILL;
             d.evidence.exit.was_killed = true;
         }},
        {"server_killed", false, "the server left 2 processes, which were killed",
         [](Doctored& d) { d.evidence.exit.orphans = 2; }},
        {"server_exit", false, "the server exited with 1 after SIGTERM",
         [](Doctored& d) { d.evidence.exit.code = 1; }},
    };
    return kFaults;
}

void fail_one(Doctored& d, std::uint64_t load::Errors::*kind) {
    d.load.requests.errors.*kind = 1;
    --d.load.requests.succeeded;
    if (kind != &load::Errors::verification && kind != &load::Errors::status) --d.load.requests.completed;
    if (kind == &load::Errors::timeout) return; // it stays in the latencies
    d.load.latency.clear();
    for (int i = 0; i < 39'999; ++i) d.load.latency.record(100'000);
}

} // namespace

TEST_CASE("a sound trial has no finding") {
    CHECK(Doctored().judge().empty());
}

TEST_CASE("each fault trips its own check, and no other") {
    for (const Fault& fault : faults()) {
        CAPTURE(fault.code);
        Doctored doctored;
        fault.doctor(doctored);
        const auto findings = doctored.judge();
        REQUIRE(findings.size() == 1);
        CHECK(findings[0].warning.code == fault.code);
        CHECK(findings[0].warning.message == fault.message);
        CHECK(findings[0].makes_invalid == fault.makes_invalid);
    }
}

TEST_CASE("a wrong value makes a trial invalid, and any error is a warning") {
    Doctored wrong;
    fail_one(wrong, &load::Errors::verification);
    const auto findings = wrong.judge();
    REQUIRE(findings.size() == 2);
    CHECK(findings[0].warning.code == "verification_failed");
    CHECK(findings[0].makes_invalid);
    CHECK(findings[1].warning.code == "errors_high");
    CHECK_FALSE(findings[1].makes_invalid);
    for (const auto kind : {&load::Errors::timeout, &load::Errors::reset, &load::Errors::status,
                            &load::Errors::protocol, &load::Errors::connect}) {
        Doctored lost;
        fail_one(lost, kind);
        const auto found = lost.judge();
        REQUIRE(found.size() == 1);
        CHECK(found[0].warning.code == "errors_high");
        CHECK_FALSE(found[0].makes_invalid);
    }
}

TEST_CASE("few samples are a warning that names each percentile and whether it is there") {
    Doctored doctored;
    doctored.load.latency.clear();
    for (int i = 0; i < 700; ++i) doctored.load.latency.record(100'000);
    doctored.load.requests.sent = doctored.load.requests.completed = doctored.load.requests.succeeded = 700;
    const auto findings = doctored.judge();
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].warning.code == "too_few_samples");
    CHECK(findings[0].warning.message == "700 latencies: p99 needs 2010, p99_9 needs 20140 (absent)");
}

TEST_CASE("an open loop at the edge of its limits stands") {
    for (const auto& doctor : std::vector<std::function<void(Doctored&)>>{
             [](Doctored& d) { be_late(d, 99'900); }, [](Doctored& d) { leave_unsent(d, 404); },
             [](Doctored& d) { d.load.requests.waited_for_connection = 400; },
             // Slow answers bear a later send: 10 % of P99, 5 % of P50.
             [](Doctored& d) {
                 d.load.latency.clear();
                 for (int i = 0; i < 40'000; ++i) d.load.latency.record(22'000'000);
                 be_late(d, 1'090'000);
             }}) {
        Doctored doctored;
        doctored.parameters.loop = Loop::kOpen;
        doctor(doctored);
        CHECK(doctored.judge().empty());
    }
}

TEST_CASE("a closed loop has no schedule to miss, and too few samples say nothing of lateness") {
    Doctored closed;
    leave_unsent(closed, 2'000);
    closed.load.requests.waited_for_connection = 40'000;
    closed.parameters.loop = Loop::kClosed;
    CHECK(closed.judge().empty());
    Doctored few;
    for (int i = 0; i < 661; ++i) few.load.send_lateness.record(50'000'000);
    CHECK(few.judge().empty());
}

TEST_CASE("errors that the scenario expects do not make a trial invalid") {
    Doctored doctored;
    doctored.parameters.are_errors_expected = true;
    doctored.load.requests.errors.status = 20'000;
    doctored.load.requests.succeeded = 20'000;
    doctored.load.latency.clear();
    for (int i = 0; i < 20'200; ++i) doctored.load.latency.record(100'000);
    doctored.load.requests.unsent = 200;
    const auto findings = doctored.judge();
    REQUIRE(findings.size() == 1);
    CHECK_FALSE(findings[0].makes_invalid);
}

TEST_CASE("with unanswered requests the server's count may lie anywhere between answered and sent") {
    for (const std::uint64_t counted : {59'990U, 59'995U, 60'000U}) {
        Doctored doctored;
        doctored.load.completed_all_phases = 59'990;
        doctored.evidence.requests_counted = counted;
        CHECK(doctored.judge().empty());
    }
}

TEST_CASE("one latency record lost in a hundred breaks Little's law") {
    Doctored doctored;
    doctored.load.duration_s = 2.0;
    doctored.load.service_time.clear();
    for (int i = 0; i < 396; ++i) doctored.load.service_time.record(10'000'000);
    doctored.load.requests.sent = doctored.load.requests.completed = doctored.load.requests.succeeded = 400;
    doctored.load.latency.clear();
    for (int i = 0; i < 400; ++i) doctored.load.latency.record(10'000'000);
    const auto codes = doctored.judge();
    REQUIRE(codes.size() == 2);
    CHECK(codes[0].warning.code == "littles_law_violated");
}

TEST_CASE("a load that was cut short must balance its books, but not fill its window") {
    Doctored cut;
    cut.evidence.was_interrupted = true;
    cut.load.duration_s = 0.3;
    cut.load.in_flight_time_s = 0;
    REQUIRE(cut.judge().size() == 1);
    --cut.load.requests.succeeded;
    const auto findings = cut.judge();
    REQUIRE(findings.size() == 2);
    CHECK(findings[1].warning.code == "conservation_violated");
}

TEST_CASE("a trial without a measurement is judged by what ended it alone") {
    Evidence evidence;
    evidence.start_error = kNoServer;
    evidence.is_server_cpu_known = false;
    evidence.exit.code = 69;
    const auto findings = check_trial({}, evidence);
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].warning.code == "server_not_started");
}

TEST_CASE("the table names every code once, and the faults above trip all of them") {
    std::set<std::string_view> codes;
    for (const Check& check : checks()) {
        CHECK_FALSE(check.condition.empty());
        codes.insert(check.code);
    }
    CHECK(codes.size() == checks().size());
    std::set<std::string_view> tripped{"verification_failed", "too_few_samples"}; // by cases of their own
    for (const Fault& fault : faults()) tripped.insert(fault.code);
    CHECK(codes == tripped);
}

} // namespace kvduel::experiment
