#include "harness/experiment/machine/proc_file.hpp"

#include <doctest/doctest.h>

#include <unistd.h>

namespace kvduel::experiment {

TEST_CASE("the fields of stat are found behind any program name") {
    const auto plain = parse_proc_stat("7 (sh) S 3 7 7 0 -1 4194304 1 2 3 4 150 250 0 0 20 0 1 0 777 8192");
    REQUIRE(plain);
    CHECK(plain->parent == 3);
    CHECK(plain->group == 7);
    CHECK(plain->state == 'S');
    CHECK(plain->user_ticks == 150);
    CHECK(plain->system_ticks == 250);
    CHECK(plain->start_ticks == 777);
    const auto hostile = parse_proc_stat("7 (a) R 9 (b) Z 4 7 7 0 -1 4194304 1 2 3 4 1 2 0 0 20 0 1 0 778");
    REQUIRE(hostile);
    CHECK(hostile->parent == 4);
    CHECK(hostile->state == 'Z');
}

TEST_CASE("a stat that is cut or is not one gives nothing") {
    CHECK_FALSE(parse_proc_stat(""));
    CHECK_FALSE(parse_proc_stat("7 (sh)"));
    CHECK_FALSE(parse_proc_stat("7 (sh) S 3 7 7 0 -1 4194304 1 2 3 4 150 250 0 0 20 0 1 0"));
    CHECK_FALSE(parse_proc_stat("7 (sh) S x 7 7 0 -1 4194304 1 2 3 4 150 250 0 0 20 0 1 0 777"));
    CHECK_FALSE(read_proc_stat(-1));
}

TEST_CASE("our own stat names our parent") {
    const auto stat = read_proc_stat(::getpid());
    REQUIRE(stat);
    CHECK(stat->parent == ::getppid());
}

TEST_CASE("a number is taken from the line that begins with the key") {
    const std::string_view text = "VmPeak:\t  9 kB\nVmHWM:\t  42 kB\nThreads:\n";
    CHECK(number_after(text, "VmHWM:") == 42);
    CHECK_FALSE(number_after(text, "HWM:"));
    CHECK_FALSE(number_after(text, "Threads:"));
    CHECK_FALSE(number_after("", "VmHWM:"));
}

TEST_CASE("a small file is read up to its limit and a missing one is absent") {
    CHECK(read_small_file("/proc/self/stat", 5)->size() == 5);
    CHECK_FALSE(read_small_file("/nonexistent"));
    CHECK_FALSE(read_first_line("/nonexistent"));
    CHECK(read_first_line("/proc/sys/kernel/ostype") == "Linux");
}

} // namespace kvduel::experiment
