#include "harness/experiment/machine/cpu_plan.hpp"

#include "harness/experiment/machine/fact_tree_for_test.hpp"

#include <doctest/doctest.h>

namespace kvduel::experiment {

using List = std::vector<int>;

TEST_CASE("a CPU list is read as the kernel writes it, and nothing else is") {
    CHECK(parse_cpu_list("0") == List{0});
    CHECK(parse_cpu_list("0-2,5") == List{0, 1, 2, 5});
    CHECK(parse_cpu_list("3,1,1-2") == List{1, 2, 3});
    CHECK(parse_cpu_list("1023") == List{1023});
    for (const char* wrong : {"", "x", "1-", "-1", "2-1", "0;1", "1 ", "1024", "99999999999"}) {
        CAPTURE(wrong);
        CHECK(parse_cpu_list(wrong).empty());
    }
}

TEST_CASE("by default the server has the first half of the cores and the load the rest") {
    const auto two = choose_cpus({{0}, {1}}, {}, {});
    CHECK(two.server == List{0});
    CHECK(two.load == List{1});
    const auto three = choose_cpus({{0}, {1}, {2}}, {}, {});
    CHECK(three.server == List{0});
    CHECK(three.load == List{1, 2});
}

TEST_CASE("hyper-threads of one core stay on one side") {
    const auto plan = choose_cpus({{0, 2}, {1, 3}}, {}, {});
    CHECK(plan.server == List{0, 2});
    CHECK(plan.load == List{1, 3});
    const auto one_core = choose_cpus({{0, 1}}, {}, {});
    CHECK(one_core.server == List{0});
    CHECK(one_core.load == List{1});
}

TEST_CASE("on one CPU nobody is pinned") {
    const auto plan = choose_cpus({{0}}, {}, {});
    CHECK(plan.server.empty());
    CHECK(plan.load.empty());
}

TEST_CASE("the CPUs of a plan are those of both sides, or any where one is not pinned") {
    CHECK(used_cpus({{2, 0}, {1, 2}}) == std::vector<int>{0, 1, 2});
    CHECK(used_cpus({{}, {1}}).empty());
    CHECK(used_cpus({{0}, {}}).empty());
}

TEST_CASE("what was named stands and the other side gets what is left") {
    const Cores cores{{0}, {1}, {2}};
    CHECK(choose_cpus(cores, List{2}, {}).load == List{0, 1});
    CHECK(choose_cpus(cores, {}, List{0}).server == List{1, 2});
    CHECK(choose_cpus(cores, List{}, {}).load.empty());
    const auto both = choose_cpus(cores, List{1}, List{1});
    CHECK(both.server == both.load);
}

TEST_CASE("server and load share CPUs if they overlap, are siblings or are not pinned") {
    CHECK_FALSE(shares_cpus({{0}, {1}}, {{0}, {1}}));
    CHECK(shares_cpus({{0}, {1}}, {{0, 1}, {1}}));
    CHECK(shares_cpus({{0, 1}}, {{0}, {1}}));
    CHECK(shares_cpus({{0}, {1}}, {{0}, {}}));
    CHECK(shares_cpus({{0}, {1}}, {{}, {}}));
}

TEST_CASE("load CPUs that taskset chose are taken whole, else half of the cores, and the only CPU if there "
          "is one") {
    const List four{0, 1, 2, 3};
    CHECK(choose_load_cpus({{1}}, four, {}) == List{1});
    CHECK(choose_load_cpus({{1, 3}, {2}}, four, {}) == List{1, 2, 3});
    CHECK(choose_load_cpus({{0}, {1}, {2}, {3}}, four, {}) == List{2, 3});
    CHECK(choose_load_cpus({{0}}, {0}, {}) == List{0});
    CHECK(choose_load_cpus({{0}, {1}}, {}, {}) == List{1}); // the machine's CPUs could not be read
    CHECK(choose_load_cpus({{0}, {1}}, four, List{0}) == List{0});
}

TEST_CASE("the CPUs of a machine are those of its control group, else those that are online") {
    const FakeMachine bare{{"/sys/devices/system/cpu/online", "0-3\n"}};
    CHECK(machine_cpus(bare.facts()) == List{0, 1, 2, 3});
    const FakeMachine grouped{{"/sys/devices/system/cpu/online", "0-3\n"},
                              {"/proc/self/cgroup", "0::/user\n"},
                              {"/sys/fs/cgroup/user/cpuset.cpus.effective", "1-2\n"}};
    CHECK(machine_cpus(grouped.facts()) == List{1, 2});
    CHECK(machine_cpus(FactTree("/nonexistent")).empty());
}

TEST_CASE("this machine has a core with a CPU we may use") {
    const Cores cores = available_cores();
    REQUIRE_FALSE(cores.empty());
    CHECK_FALSE(cores.front().empty());
}

} // namespace kvduel::experiment
