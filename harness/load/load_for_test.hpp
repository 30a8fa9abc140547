#pragma once

#include "harness/load/run_load.hpp"
#include "harness/load/scripted_server_for_test.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>

namespace kvduel::load {

/// For tests: a short trial against `server`. With KVDUEL_LOAD_SPINS in the environment its thread may spin,
/// as on a CPU of its own: a closed loop then asks its connections instead of epoll.
inline Plan plan_for(const ScriptedServer& server) {
    Plan plan;
    plan.target.port = server.port();
    plan.connections = 4;
    plan.may_spin = std::getenv("KVDUEL_LOAD_SPINS") != nullptr;
    plan.duration = std::chrono::milliseconds(120);
    plan.workload.name = "custom";
    plan.workload.keys = 100;
    return plan;
}

/// As plan_for(), with `rate` requests due a second.
inline Plan open_plan(const ScriptedServer& server, double rate) {
    Plan plan = plan_for(server);
    plan.workload.path = "/";
    plan.rate_per_s = rate;
    return plan;
}

inline LoadResult run(const Plan& plan, Observer& observer) {
    const std::atomic<bool> stop = false;
    Result<LoadResult> result = run_load(plan, observer, stop);
    REQUIRE_MESSAGE(result, (result ? std::string() : message(result.error())));
    return *std::move(result);
}

inline LoadResult run(const Plan& plan) {
    Observer nobody;
    return run(plan, nobody);
}

/// Every law that holds for every trial, whatever the server did (how-it-measures: conservation, Little's
/// law).
inline void check_books(const LoadResult& result) {
    const Requests& requests = result.requests;
    const Errors& errors = requests.errors;
    CHECK(requests.completed == requests.succeeded + errors.status + errors.verification);
    CHECK(requests.sent == requests.completed + requests.in_flight_at_end + errors.without_answer());
    CHECK(result.latency.count() == requests.succeeded + errors.timeout + requests.unsent);
    CHECK(result.service_time.count() == requests.succeeded + errors.timeout);
    CHECK(result.send_lateness.count() == requests.sent - errors.connect);
    std::uint64_t answers = 0;
    for (const auto& [status, count] : result.status_counts) answers += count;
    CHECK(answers == requests.completed);
    CHECK(result.completed_all_phases >= requests.completed);
    CHECK(result.completed_all_phases <= result.sent_all_phases);

    const double recorded = result.service_time.sum() / 1e9 + result.unrecorded_time_s;
    const double law = recorded + result.foreign_time_s - result.own_time_outside_s;
    CHECK(result.in_flight_time_s == doctest::Approx(law).epsilon(1e-6));

    double covered = 0;
    for (const Interval& interval : result.intervals) {
        CHECK(interval.start_s == doctest::Approx(covered));
        covered += interval.duration_s;
    }
    CHECK(covered == doctest::Approx(result.duration_s));
}

} // namespace kvduel::load
