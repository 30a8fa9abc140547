#include "harness/gate/duellists.hpp"

#include "harness/gate/gate_for_test.hpp"

#include <doctest/doctest.h>

namespace kvduel::gate {

TEST_CASE("every server duels with itself in every cell, by the programs of the two builds") {
    const GateRequest request = two_servers();
    const Duellists made = make_duellists(request, builds_of(request));
    REQUIRE(made.duels.size() == 4);
    REQUIRE(made.contenders.size() == 4);
    CHECK(made.notes.empty());
    const Duel& duel = made.duels[1];
    CHECK(duel.server == 1);
    CHECK(made.contenders[duel.base].id == "async-base");
    CHECK(made.contenders[duel.head].id == "async-head");
    CHECK(made.contenders[duel.base].command.front() == "/base/kvduel-async");
    CHECK(made.contenders[duel.head].command.front() == "/head/kvduel-async");
    CHECK(made.builds[duel.head] == 3);
}

TEST_CASE("an argument of one side gives way where the scenario sets the same option itself") {
    GateRequest request = two_servers();
    request.head.arguments = {"--work-cpu-us", "8", "--store", "sharded"};
    const Duellists made = make_duellists(request, builds_of(request));
    using Words = std::vector<std::string>;
    const auto command = [&](std::size_t place) { return made.contenders[place].command; };
    CHECK(command(made.duels[0].head) == Words{"/head/kvduel-threads", "--listen", "127.0.0.1:{port}",
                                               "--work-cpu-us", "8", "--store", "sharded"});
    CHECK(command(made.duels[0].base).size() == 3);
    CHECK(command(made.duels[2].head) ==
          Words{"/head/kvduel-threads", "--listen", "127.0.0.1:{port}", "--store", "sharded"});
    CHECK(made.contenders[made.duels[2].head].id == "threads-head");
    CHECK(made.duels[2].base == made.duels[0].base);
    CHECK(made.notes ==
          Words{"tail-at-load: --work-cpu-us of --head-args gives way to the scenario's own 20"});
}

TEST_CASE("a server that misses an option of a cell is left out of it, aloud") {
    GateRequest request = two_servers();
    request.run.contenders[0].options.erase("work_cpu_us");
    const Duellists made = make_duellists(request, builds_of(request));
    CHECK(made.duels.size() == 3);
    CHECK(made.notes.size() == 1);
}

TEST_CASE("a flag leaves with its value, however it is written, and a switch alone") {
    using Words = std::vector<std::string>;
    CHECK(without_flag({"--a", "1", "--b", "2"}, "--a") == Words{"--b", "2"});
    CHECK(without_flag({"--a=1", "--b"}, "--a") == Words{"--b"});
    CHECK(without_flag({"--a", "--b"}, "--a") == Words{"--b"});
    CHECK(without_flag({"--ab", "1"}, "--a") == Words{"--ab", "1"});
}

} // namespace kvduel::gate
