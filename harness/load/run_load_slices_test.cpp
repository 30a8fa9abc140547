#include "harness/load/load_for_test.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <thread>
#include <vector>

// Two trials at once that take turns, each against a server of its own.

namespace kvduel::load {

namespace {

using Request = ScriptedServer::Request;
using Answer = ScriptedServer::Answer;

/// Two servers that note which of them was asked.
class Duel {
public:
    static constexpr std::size_t kPlaces = 1 << 22;

    Duel() {
        for (unsigned i = 0; i < 2; ++i)
            servers_[i] = std::make_unique<ScriptedServer>([this, i](const Request&) {
                const std::size_t place = asked_.fetch_add(1);
                if (place < kPlaces) order_[place] = static_cast<char>(i);
                return Answer{ScriptedServer::ok("x")};
            });
    }

    Plan plan(unsigned i, SliceSeat& seat) const {
        Plan plan = plan_for(*servers_[i]);
        plan.warm_up = std::chrono::milliseconds(20);
        plan.workload.path = "/x";
        plan.seat = &seat;
        return plan;
    }
    std::size_t asked() const { return asked_; }
    /// How often the one was asked right after the other.
    std::size_t changes() const {
        std::size_t changes = 0;
        for (std::size_t i = 1; i < std::min(asked(), kPlaces); ++i) changes += order_[i] != order_[i - 1];
        return changes;
    }

private:
    std::atomic<std::size_t> asked_ = 0;
    std::vector<char> order_ = std::vector<char>(kPlaces);
    std::array<std::unique_ptr<ScriptedServer>, 2> servers_;
};

/// Asks at the ends of the window whether anybody is being served.
class Looker : public Observer {
public:
    explicit Looker(const Duel& duel) : duel_(duel) {}
    void phase(Phase phase) override {
        phases.push_back(phase);
        if (phase != Phase::kWindow && phase != Phase::kDrain) return;
        const std::size_t before = duel_.asked();
        for (int i = 0; i < 1000; ++i) std::this_thread::yield();
        asked_meanwhile += duel_.asked() - before;
    }

    std::vector<Phase> phases;
    std::size_t asked_meanwhile = 0;

private:
    const Duel& duel_;
};

constexpr Duration kSlice = std::chrono::milliseconds(30);

} // namespace

TEST_CASE("loads in slices never meet, and each keeps books of its own time alone") {
    for (const bool is_open : {false, true}) {
        CAPTURE(is_open);
        Duel duel;
        Slices slices(2, kSlice);
        std::array<LoadResult, 2> results;
        std::array<Looker, 2> lookers{Looker(duel), Looker(duel)};
        {
            std::vector<std::jthread> threads;
            for (unsigned i = 0; i < 2; ++i)
                threads.emplace_back([&, i] {
                    SliceSeat seat(slices, i);
                    Plan plan = duel.plan(i, seat);
                    if (is_open) plan.rate_per_s = 2'000;
                    results[i] = run(plan, lookers[i]);
                });
        }
        for (const LoadResult& result : results) {
            check_books(result);
            CHECK(result.requests.succeeded > 0);
            CHECK(result.requests.succeeded == result.requests.sent);
            CHECK(result.duration_s == doctest::Approx(0.12));
            // Asked for 2,000/s over 0.12 s of its own: what stood still was not owed.
            if (is_open) CHECK(result.requests.sent + result.requests.unsent == 240);
        }
        // A warm-up and 0.12 s in slices of 30 ms make at most 7 changes each; unsliced there are hundreds.
        CHECK(duel.changes() >= 3);
        CHECK(duel.changes() <= 14);
        for (const Looker& looker : lookers) {
            CHECK(looker.asked_meanwhile == 0);
            CHECK(looker.phases == std::vector<Phase>{Phase::kPreload, Phase::kConnect, Phase::kWarmUp,
                                                      Phase::kWindow, Phase::kDrain, Phase::kDone});
        }
    }
}

TEST_CASE("a load whose companion never comes has all the time for itself") {
    Duel duel;
    Slices slices(2, kSlice);
    slices.leave(1);
    SliceSeat seat(slices, 0);
    const LoadResult result = run(duel.plan(0, seat));
    check_books(result);
    CHECK(result.requests.succeeded > 0);
}

// A stall of the machine that fell into the end of a slice was laid at the server's door
// (littles_law_violated).
TEST_CASE("the time in which a closed loop awaits the last answers of its slices is kept apart") {
    ScriptedServer server([](const Request&) {
        std::this_thread::sleep_for(std::chrono::milliseconds(4)); // its service time
        return Answer{ScriptedServer::ok("x")};
    });
    for (const bool is_open : {false, true}) {
        CAPTURE(is_open);
        Slices slices(1, std::chrono::milliseconds(1)); // an answer takes four of them: over half is waiting
        SliceSeat seat(slices, 0);
        Plan plan = plan_for(server);
        plan.workload.path = "/x";
        plan.connections = 1;
        plan.seat = &seat;
        if (is_open) plan.rate_per_s = 100;
        const LoadResult result = run(plan);
        check_books(result);
        if (is_open)
            CHECK(result.settling_time_s == 0);
        else
            CHECK(result.settling_time_s > result.duration_s / 2);
        CHECK(result.settling_time_s <= result.duration_s);
    }
}

// An open loop sent what came due until nothing was in flight, and only then was the server looked at: its
// requests counted as ended in the window, their CPU time did not.
TEST_CASE(
    "what ended in the window is what the server served between the looks, but for what crosses its ends") {
    std::atomic<int> served = 0;
    ScriptedServer server([&](const Request&) {
        std::this_thread::sleep_for(std::chrono::milliseconds(2)); // its service time
        ++served;
        return Answer{ScriptedServer::ok("x")};
    });
    struct Counter : Observer {
        explicit Counter(const std::atomic<int>& served) : served_(served) {}
        void phase(Phase phase) override {
            if (phase == Phase::kWindow) at_begin = served_;
            if (phase == Phase::kDrain) at_end = served_;
        }
        int at_begin = 0;
        int at_end = 0;

    private:
        const std::atomic<int>& served_;
    };
    for (const bool is_open : {false, true}) {
        CAPTURE(is_open);
        Slices slices(1, kSlice);
        SliceSeat seat(slices, 0);
        Plan plan = plan_for(server);
        plan.workload.path = "/x";
        plan.seat = &seat;
        plan.warm_up = std::chrono::milliseconds(20);
        if (is_open)
            plan.rate_per_s = 700; // more than the 500/s that it can do: something is always in flight
        Counter counter(served);
        const LoadResult result = run(plan, counter);
        check_books(result);
        int ended = 0;
        for (const Interval& interval : result.intervals) ended += static_cast<int>(interval.completed);
        const int crossing = static_cast<int>(plan.connections);
        CHECK(ended >= counter.at_end - counter.at_begin - crossing);
        CHECK(ended <= counter.at_end - counter.at_begin + crossing);
    }
}

TEST_CASE("slices are for one load thread and no background") {
    Duel duel;
    Slices slices(1, kSlice);
    SliceSeat seat(slices, 0);
    Plan plan = duel.plan(0, seat);
    plan.threads = 2;
    const std::atomic<bool> stop = false;
    Observer nobody;
    const auto refused = run_load(plan, nobody, stop);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::kUsage);
}

} // namespace kvduel::load
