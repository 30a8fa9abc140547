#include "harness/experiment/trial/check_trial.hpp"

#include "harness/experiment/trial/doctored_trial_for_test.hpp"

#include <doctest/doctest.h>

// How the checks work together; each code by itself: check_codes_test.cpp.

namespace kvduel::experiment {

namespace {

const Error kNotListening{ErrorKind::kUnavailable, "contender \"mine\"", "no listening line within 10 s", ""};

void fail_one(DoctoredTrial& d, std::uint64_t load::Errors::*kind) {
    d.load.requests.errors.*kind = 1;
    --d.load.requests.succeeded;
    if (kind != &load::Errors::verification && kind != &load::Errors::status) --d.load.requests.completed;
    if (kind == &load::Errors::timeout) return; // it stays in the latencies
    d.load.latency.clear();
    for (int i = 0; i < 39'999; ++i) d.load.latency.record(100'000);
}

} // namespace

TEST_CASE("a wrong value makes a trial invalid, and any error is a warning") {
    DoctoredTrial wrong;
    fail_one(wrong, &load::Errors::verification);
    const auto findings = wrong.judge();
    REQUIRE(findings.size() == 2);
    CHECK(findings[0].warning.code == "verification_failed");
    CHECK(findings[0].makes_invalid);
    CHECK(findings[1].warning.code == "errors_high");
    CHECK_FALSE(findings[1].makes_invalid);
    for (const auto kind : {&load::Errors::timeout, &load::Errors::reset, &load::Errors::status,
                            &load::Errors::protocol, &load::Errors::connect}) {
        DoctoredTrial lost;
        fail_one(lost, kind);
        const auto found = lost.judge();
        REQUIRE(found.size() == 1);
        CHECK(found[0].warning.code == "errors_high");
        CHECK_FALSE(found[0].makes_invalid);
    }
}

TEST_CASE("few samples are a warning that names each percentile of the tables and whether it is there") {
    DoctoredTrial doctored;
    doctored.make_requests(190);
    const auto findings = doctored.judge();
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].warning.code == "too_few_samples");
    CHECK(findings[0].warning.message == "190 latencies: p90 needs 197, p99 needs 2010 (absent)");
}

TEST_CASE("a closed loop has no schedule to miss, and too few samples say nothing of lateness") {
    DoctoredTrial closed;
    closed.leave_unsent(2'000);
    closed.load.requests.waited_for_connection = 40'000;
    closed.parameters.loop = Loop::kClosed;
    CHECK(closed.judge().empty());
    DoctoredTrial few;
    few.load.send_lateness.clear();
    few.load.send_lateness.record(50'000'000, 10);
    CHECK(few.judge().empty());
}

TEST_CASE("lateness is judged by the highest percentile that its samples carry") {
    const std::pair<std::uint64_t, const char*> rows[] = {{11, "50 % of the requests left over 50004"},
                                                          {63, "50 % of the requests left over 50004"},
                                                          {64, "10 % of the requests left over 50004"},
                                                          {661, "10 % of the requests left over 50004"},
                                                          {662, "1 % of the requests left over 50004"}};
    for (const auto& [samples, words] : rows) {
        DoctoredTrial late;
        late.load.send_lateness.clear();
        late.load.send_lateness.record(50'000'000, samples);
        const auto findings = late.judge();
        REQUIRE(findings.size() == 1);
        CHECK(findings[0].warning.code == "send_late");
        CHECK(findings[0].makes_invalid);
        CHECK_MESSAGE(findings[0].warning.message.find(words) != std::string::npos,
                      findings[0].warning.message);
    }
}

TEST_CASE("errors that the scenario expects do not make a trial invalid") {
    DoctoredTrial doctored;
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
        DoctoredTrial doctored;
        doctored.load.completed_all_phases = 59'990;
        doctored.evidence.requests_counted = counted;
        CHECK(doctored.judge().empty());
    }
}

TEST_CASE("one latency record lost in a hundred breaks Little's law at any service time") {
    for (const std::uint64_t service_ns : {5'000U, 100'000U, 10'000'000U}) {
        DoctoredTrial doctored;
        doctored.load.service_time.clear();
        doctored.load.service_time.record(service_ns, 39'600);
        doctored.load.in_flight_time_s = 40'000 * static_cast<double>(service_ns) / 1e9;
        doctored.parameters.connections = 1;
        doctored.parameters.requests_per_connection = 100; // the loop need not be full
        const auto findings = doctored.judge();
        REQUIRE(findings.size() == 1);
        CHECK(findings[0].warning.code == "littles_law_violated");
    }
}

TEST_CASE("the law allows for requests that cross the window's ends and for those without a record") {
    DoctoredTrial doctored;
    doctored.load.foreign_time_s = 0.3;
    doctored.load.own_time_outside_s = 0.2;
    doctored.load.unrecorded_time_s = 0.5;
    doctored.load.in_flight_time_s = 4.6; // 4 + 0.3 - 0.2 + 0.5
    CHECK(doctored.judge().empty());
}

TEST_CASE("a load that was cut short must balance its books, but not fill its window") {
    DoctoredTrial cut;
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
    evidence.start_error = kNotListening;
    evidence.is_server_cpu_known = false;
    evidence.exit.code = 69;
    const auto findings = check_trial({}, evidence);
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].warning.code == "server_not_started");
}

} // namespace kvduel::experiment
