#include "harness/experiment/judge/theory.hpp"

#include <doctest/doctest.h>

namespace kvduel::experiment {
namespace {

/// 64 connections, 16 workers or loops on one core; nothing costs anything yet.
TheoryInputs inputs(Dispatch dispatch) {
    TheoryInputs inputs;
    inputs.dispatch = dispatch;
    inputs.workers = 16;
    inputs.in_flight = 64;
    return inputs;
}

double expected(std::string_view theory, const TheoryInputs& of, std::size_t which = 0) {
    const auto predictions = predict(theory, of);
    REQUIRE(predictions.size() > which);
    return predictions[which].expected;
}

} // namespace

TEST_CASE(
    "a pool whose handlers wait does as many requests at once as it has workers, coroutines as come in") {
    const struct {
        Dispatch dispatch;
        unsigned connections;
        double rps;
        double mean_latency_us;
        const char* why;
    } rows[] = {
        {Dispatch::kPool, 8, 1'600, 5'000, "8 / 5 ms: fewer connections than workers"},
        {Dispatch::kPool, 16, 3'200, 5'000, "16 / 5 ms: the models part here"},
        {Dispatch::kPool, 64, 3'200, 20'000, "16 / 5 ms, and three of four wait in the channel"},
        {Dispatch::kPool, 256, 3'200, 80'000, "256 / 3,200 by Little"},
        {Dispatch::kCoroutines, 8, 1'600, 5'000, "8 / 5 ms"},
        {Dispatch::kCoroutines, 256, 51'200, 5'000, "256 / 5 ms: none waits for another"},
        {Dispatch::kConnection, 256, 51'200, 5'000, "a thread each: as coroutines"},
        {Dispatch::kTaskPool, 64, 3'200, 20'000, "a pool is a pool, whatever its workers are"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.why);
        TheoryInputs of = inputs(row.dispatch);
        of.in_flight = row.connections;
        of.wait.seconds = 0.005;
        CHECK(expected("waiting-handler", of) == doctest::Approx(row.rps));
        CHECK(expected("waiting-handler", of, 1) == doctest::Approx(row.mean_latency_us));
    }
}

TEST_CASE("the own CPU of a request lengthens its turn, and the cores bound what any model can do") {
    TheoryInputs of = inputs(Dispatch::kCoroutines);
    of.wait.seconds = 0.005;
    of.own_cpu_s = 20e-6;
    CHECK(expected("waiting-handler", of) == doctest::Approx(64 / 0.00502));
    of.in_flight = 1'024; // 1,024 / 5.02 ms = 203,984, but one core has 50,000 x 20 us
    CHECK(expected("waiting-handler", of) == doctest::Approx(50'000));
    CHECK(predict("waiting-handler", of).front().formula ==
          "cores 1 / own CPU 20 us, less than in flight 1024 / (wait 5000 us + own CPU 20 us)");
    of.wait.share = 0.5;
    of.in_flight = 64; // half of the requests wait: 2.5 ms on average
    CHECK(expected("waiting-handler", of) == doctest::Approx(64 / 0.00252));
}

TEST_CASE("where handlers compute, the cores decide and the model does not") {
    for (const Dispatch dispatch : {Dispatch::kPool, Dispatch::kConnection, Dispatch::kCoroutines}) {
        TheoryInputs of = inputs(dispatch);
        of.cpu.seconds = 190e-6;
        of.own_cpu_s = 10e-6;
        CHECK(expected("cpu-bound", of) == doctest::Approx(5'000));
        CHECK(expected("cpu-bound", of, 1) == doctest::Approx(12'800));
        of.cores = 4;
        CHECK(expected("cpu-bound", of) == doctest::Approx(20'000));
        of.in_flight = 2;
        CHECK(expected("cpu-bound", of) == doctest::Approx(10'000));
    }
    TheoryInputs one_loop = inputs(Dispatch::kCoroutines);
    one_loop.cpu.seconds = 200e-6;
    one_loop.cores = 4;
    one_loop.workers = 1;
    CHECK(expected("cpu-bound", one_loop) == doctest::Approx(5'000));
}

TEST_CASE("one request in a hundred of 10 ms: to completion the others wait behind it, by time slices they "
          "do not") {
    // S is 10 ms with chance 0.01, else nothing: E[S] = 100 us, E[S^2] = 1e-6 s^2. At 5,000/s the load is
    // 0.5.
    TheoryInputs of = inputs(Dispatch::kCoroutines);
    of.workers = 1;
    of.cpu = {0.010, 0.01};
    of.rate_per_s = 5'000;
    CHECK(expected("mixed-costs", of) == doctest::Approx(100 + 5'000)); // 5,000 x 1e-6 / (2 x 0.5) = 5 ms
    of.dispatch = Dispatch::kPool;
    CHECK(expected("mixed-costs", of) == doctest::Approx(100 + 5'000)); // a pool of one worker is no better
    of.workers = 16;
    CHECK(expected("mixed-costs", of) == doctest::Approx(200));
    of.own_cpu_s = 10e-6; // E[S] = 110 us, load 0.55
    CHECK(expected("mixed-costs", of) == doctest::Approx(110 / 0.45));
    of.workers = 1; // E[S^2] = 0.01 x 10.01^2 + 0.99 x 0.01^2 = 1.002100 ms^2
    CHECK(expected("mixed-costs", of) == doctest::Approx(110 + 5'000 * 1.0021 / (2 * 0.45)));
}

TEST_CASE("equal costs bring Pollaczek-Khinchine down to M/D/1") {
    TheoryInputs of = inputs(Dispatch::kCoroutines);
    of.workers = 1;
    of.cpu = {0.001, 1};
    of.rate_per_s = 800; // load 0.8: 1 ms + 0.8 / (2 x 0.2) ms
    CHECK(expected("mixed-costs", of) == doctest::Approx(3'000));
}

TEST_CASE("a theory is silent about a cell that it does not speak of") {
    TheoryInputs of = inputs(Dispatch::kPool);
    CHECK(predict("waiting-handler", of).empty()); // nothing costs anything
    CHECK(predict("cpu-bound", of).empty());
    of.wait.seconds = of.cpu.seconds = 0.001;
    CHECK(predict("mixed-costs", of).empty()); // a closed loop
    CHECK(predict("no-such-theory", of).empty());
    of.rate_per_s = 1'000; // load 1
    CHECK(predict("mixed-costs", of).empty());
    CHECK(predict("waiting-handler", of).empty());
    CHECK(predict("cpu-bound", of).empty());
    of.rate_per_s = 500;
    CHECK(predict("mixed-costs", of).size() == 1);
    of.dispatch = Dispatch::kCoroutines; // 16 loops on a core: neither to completion nor all by slices
    CHECK(predict("mixed-costs", of).empty());
    of.dispatch = Dispatch::kTaskPool; // nor 16 tasks
    CHECK(predict("mixed-costs", of).empty());
    of.workers = 1;
    of.cores = 2;
    CHECK(predict("mixed-costs", of).empty());
}

} // namespace kvduel::experiment
