#include "harness/load/check_plan.hpp"

#include "harness/load/address.hpp"
#include "harness/load/run_load.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <vector>

namespace kvduel::load {

namespace {

Plan good_plan() {
    Plan plan;
    plan.target.port = 8080;
    plan.duration = std::chrono::seconds(1);
    return plan;
}

} // namespace

TEST_CASE("a plan out of bounds is refused with the flag and what is allowed") {
    CHECK(check_plan(good_plan()));
    for (const double rate : {0.001, 1.0, 10'000'000.0}) {
        Plan plan = good_plan();
        plan.rate_per_s = rate;
        CHECK(check_plan(plan));
    }
    struct Row {
        std::function<void(Plan&)> spoil;
        std::string expected;
    };
    for (const Row& row : std::vector<Row>{
             {[](Plan& p) { p.rate_per_s = 0; }, "--rate: out of range; allowed: 0.001 to 10000000"},
             {[](Plan& p) { p.rate_per_s = -1; }, "--rate: out of range"},
             {[](Plan& p) { p.rate_per_s = 10'000'001; }, "--rate: out of range"},
             {[](Plan& p) { p.rate_per_s = std::nan(""); }, "--rate: out of range"},
             {[](Plan& p) { p.connections = 0; }, "--connections: 0 is out of range; allowed: 1 to 65536"},
             {[](Plan& p) { p.connections = 65'537; }, "--connections: 65537 is out of range"},
             {[](Plan& p) { p.threads = 0; }, "--threads: 0 is out of range; allowed: 1 to 256"},
             {[](Plan& p) { p.threads = 65; }, "--threads: 65 threads for 64 connections"},
             {[](Plan& p) { p.pipeline = 0; }, "--pipeline: 0 is out of range; allowed: 1 to 16384"},
             {[](Plan& p) { p.pipeline = 16'385; }, "--pipeline: 16385 is out of range"},
             {[](Plan& p) { p.duration = Duration::zero(); }, "--duration: the window must last longer"},
             {[](Plan& p) { p.warm_up = Duration(-1); }, "--warmup: it cannot be negative"},
             {[](Plan& p) { p.timeout = Duration::zero(); }, "--timeout-ms: it must be at least 1"},
             {[](Plan& p) { p.expect_status = 100; },
              "--expect-status: 100 is out of range; allowed: 200 to 599"},
             {[](Plan& p) { p.workload.path = "k"; }, "--path k: not a path"},
             {[](Plan& p) { p.workload.path = "/a b"; }, "--path /a b: not a path"},
             {[](Plan& p) { p.workload.path = "/a\r\nX: y"; }, "not a path"},
             {[](Plan& p) { p.workload.keys = 0; }, "--keys: 0 is out of range"},
             {[](Plan& p) { p.workload.keys = 100'000'001; }, "--keys: 100000001 is out of range"},
             {[](Plan& p) { p.workload.value_bytes = (64 << 20) + 1; },
              "--value-bytes: 67108865 is out of range"},
             {[](Plan& p) { p.workload.mix = {.get = 0.5, .post = 0.4}; }, "--mix: the shares"},
             {[](Plan& p) { p.workload.mix = {.get = 1.5, .post = -0.5}; }, "--mix: the shares"},
             {[](Plan& p) {
                  p.workload.key_distribution = {workload::KeyDistribution::Kind::kZipfian, 0};
              },
              "--key-distribution: theta is out of range"},
             {[](Plan& p) {
                  p.threads = 2;
                  p.workload.keys = 1;
                  p.workload.mix = {.get = 0.5, .post = 0.5};
              },
              "--keys: fewer keys than threads"},
         }) {
        Plan plan = good_plan();
        row.spoil(plan);
        CAPTURE(row.expected);
        const Outcome checked = check_plan(plan);
        REQUIRE_FALSE(checked);
        CHECK(checked.error().kind == ErrorKind::kUsage);
        CHECK(message(checked.error()).find(row.expected) != std::string::npos);
    }
}

TEST_CASE("run_load refuses a bad plan before it touches the network") {
    Plan plan = good_plan();
    plan.rate_per_s = 0;
    Observer nobody;
    const std::atomic<bool> stop = false;
    const auto result = run_load(plan, nobody, stop);
    REQUIRE_FALSE(result);
    CHECK(exit_code(result.error().kind) == 64);
}

TEST_CASE("an address is numeric or localhost, and has a port") {
    CHECK(make_address({.host = "127.0.0.1", .port = 80})->text == "127.0.0.1:80");
    CHECK(make_address({.host = "localhost", .port = 80})->text == "127.0.0.1:80");
    CHECK(make_address({.host = "::1", .port = 80})->text == "[::1]:80");
    CHECK_FALSE(make_address({.host = "example.org", .port = 80}));
    CHECK_FALSE(make_address({.host = "127.0.0.1", .port = 0}));
    CHECK_FALSE(make_address({.host = "127.1", .port = 80}));
}

TEST_CASE("more connections than descriptors can be had are refused with the command that helps") {
    const Outcome checked = ensure_descriptors(~0U - 100);
    if (!checked) CHECK(message(checked.error()).find("run: ulimit -n") != std::string::npos);
    CHECK(ensure_descriptors(1));
}

TEST_CASE("a CPU that is not there is refused") {
    Plan plan = good_plan();
    plan.cpus = {100'000};
    Observer nobody;
    const std::atomic<bool> stop = false;
    const auto result = run_load(plan, nobody, stop);
    REQUIRE_FALSE(result);
    CHECK(message(result.error()).find("--load-cpus: CPU 100000 is not to be had here") != std::string::npos);
}

} // namespace kvduel::load
