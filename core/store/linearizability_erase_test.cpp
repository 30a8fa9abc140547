#include "core/store/every_order_for_test.hpp"
#include "core/store/stores_for_test.hpp"

#include <array>
#include <atomic>
#include <barrier>
#include <cstring>
#include <optional>
#include <random>
#include <thread>
#include <vector>

// What linearizability_test.cpp leaves out: a key that comes and goes. Many histories that are small enough
// to try every order of them.

namespace kvduel::store {

namespace {

enum class Verb : std::uint8_t { kPut, kGet, kErase };

struct Operation {
    std::int64_t start = 0; ///< on a clock that ticks at each end of each operation
    std::int64_t end = 0;
    Verb verb = Verb::kGet;
    std::uint64_t written = 0; ///< by a put
    bool has_met_one = false;  ///< a value stood there: replaced, read or erased
    std::uint64_t read = 0;    ///< by a get that has met one
};

using State = std::optional<std::uint64_t>;

/// Could this be what `operation` found in `state`? Then that is what it leaves.
bool fits(const Operation& operation, State& state) {
    if (operation.has_met_one != state.has_value()) return false;
    switch (operation.verb) {
    case Verb::kPut: state = operation.written; return true;
    case Verb::kErase: state.reset(); return true;
    case Verb::kGet: return !state || *state == operation.read;
    }
    return false;
}

bool is_linearizable(const std::vector<Operation>& history) {
    return some_order_explains(history, State{}, fits);
}

/// Three threads that put, get and erase one key, two operations each, round after round.
class Rounds {
public:
    static constexpr unsigned kThreads = 3;
    static constexpr unsigned kEach = 2;
    static constexpr unsigned kRounds = 20'000;

    explicit Rounds(Store& store) : store_(store) {}

    /// How many rounds no order explains.
    unsigned run() {
        std::barrier together(kThreads, [this]() noexcept { next_round(); });
        {
            std::vector<std::jthread> threads;
            for (unsigned thread = 0; thread < kThreads; ++thread)
                threads.emplace_back([&, thread] {
                    std::mt19937_64 random(thread + 1);
                    for (unsigned round = 0; round < kRounds; ++round) {
                        for (unsigned i = 0; i < kEach; ++i) act(random, history_[thread * kEach + i]);
                        together.arrive_and_wait();
                    }
                });
        }
        return unexplained_;
    }

    unsigned erased() const { return erased_; }

private:
    void act(std::mt19937_64& random, Operation& operation) {
        const std::uint64_t draw = random();
        operation = {};
        operation.verb = static_cast<Verb>(draw % 3);
        operation.written = draw;
        const Key key = store_.key("comes and goes");
        ValueRef value = make_value({reinterpret_cast<const char*>(&draw), sizeof draw});
        operation.start = clock_.fetch_add(1);
        switch (operation.verb) {
        case Verb::kPut:
            operation.has_met_one = store_.put(key, std::move(value)) == PutResult::kReplaced;
            break;
        case Verb::kErase: operation.has_met_one = store_.erase(key); break;
        case Verb::kGet:
            if (const ValueRef found = store_.get(key)) {
                operation.has_met_one = true;
                std::memcpy(&operation.read, found.bytes().data(), sizeof operation.read);
            }
            break;
        }
        operation.end = clock_.fetch_add(1);
    }

    /// While all threads wait.
    void next_round() noexcept {
        if (!is_linearizable({history_.begin(), history_.end()})) ++unexplained_;
        for (const Operation& one : history_) erased_ += one.verb == Verb::kErase && one.has_met_one ? 1 : 0;
        store_.erase(store_.key("comes and goes"));
    }

    Store& store_;
    std::atomic<std::int64_t> clock_{0};
    std::array<Operation, std::size_t{kThreads} * kEach> history_;
    unsigned unexplained_ = 0;
    unsigned erased_ = 0;
};

} // namespace

TEST_CASE("a trial of every order knows a key that is back too early, gone too late, or erased twice") {
    const Operation put{0, 1, Verb::kPut, 7, false, 0};
    const Operation erase{2, 3, Verb::kErase, 0, true, 0};
    CHECK(is_linearizable({put, erase, {4, 5, Verb::kGet, 0, false, 0}}));
    CHECK_FALSE(is_linearizable({put, erase, {4, 5, Verb::kGet, 0, true, 7}}));
    CHECK_FALSE(is_linearizable({put, {2, 3, Verb::kGet, 0, false, 0}, {4, 5, Verb::kErase, 0, true, 0}}));
    CHECK_FALSE(is_linearizable({put, {2, 5, Verb::kErase, 0, true, 0}, {3, 4, Verb::kErase, 0, true, 0}}));
    CHECK(is_linearizable({put, {2, 5, Verb::kErase, 0, true, 0}, {3, 4, Verb::kErase, 0, false, 0}}));
}

TEST_CASE("every store is linearizable for a key that comes and goes") {
    for_each_store({}, [](Store& store) {
        Rounds rounds(store);
        CHECK(rounds.run() == 0);
        CHECK(rounds.erased() > Rounds::kRounds / 10); // what is to be tried was
    });
}

} // namespace kvduel::store
