#include "harness/experiment/trial/trial_setup.hpp"

#include <doctest/doctest.h>

#include <utility>
#include <vector>

namespace kvduel::experiment {
namespace {

using load::BackgroundKind;

struct Case {
    Contender contender;
    Parameters parameters;
    TrialSetup setup{contender, parameters, {}};

    explicit Case(std::vector<int> load_cpus, std::vector<load::Background> background = {}) {
        parameters.threads = 1;
        parameters.background = std::move(background);
        setup.cpus.load = std::move(load_cpus);
    }
    Case(const Case&) = delete;
    Case& operator=(const Case&) = delete;
};

} // namespace

TEST_CASE("a load thread spins on a CPU of its own alone") {
    CHECK(may_spin(Case({1}).setup));
    CHECK_FALSE(may_spin(Case({}).setup));
    Case shared({1});
    shared.setup.are_cpus_shared = true;
    CHECK_FALSE(may_spin(shared.setup));
    Case crowded({1});
    crowded.parameters.threads = 2;
    CHECK_FALSE(may_spin(crowded.setup));
    Case beside({1});
    beside.setup.is_beside_target = true;
    CHECK_FALSE(may_spin(beside.setup));
}

TEST_CASE("a background that works needs a CPU beside one that spins, an idle crowd needs none") {
    CHECK(may_spin(Case({1}, {{BackgroundKind::kIdle, 10'000}}).setup));
    CHECK_FALSE(may_spin(Case({1}, {{BackgroundKind::kNoise, 2}}).setup));
    CHECK_FALSE(may_spin(Case({1}, {{BackgroundKind::kIdle, 10}, {BackgroundKind::kSlowReaders, 2}}).setup));
    CHECK(may_spin(Case({1, 2}, {{BackgroundKind::kNoise, 2}}).setup));
}

} // namespace kvduel::experiment
