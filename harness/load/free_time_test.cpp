#include "harness/load/free_time.hpp"

#include <doctest/doctest.h>

namespace kvduel::load {
namespace {

using std::chrono::milliseconds;

TimePoint at(int ms) {
    return TimePoint{} + std::chrono::hours(1) + milliseconds(ms);
}

} // namespace

TEST_CASE("free time is what lies in spans, whole or in part") {
    FreeTime free;
    CHECK(free.between(at(0), at(100)) == Duration::zero());
    CHECK_FALSE(free.was_free(at(0)));
    free.begin(at(10));
    free.begin(at(12)); // it is already
    CHECK(free.between(at(0), at(15)) == milliseconds(5));
    CHECK(free.between(at(11), at(15)) == milliseconds(4));
    free.end(at(20));
    free.end(at(25)); // it is not any more
    free.begin(at(30));
    free.end(at(31));
    free.begin(at(40));
    CHECK(free.between(at(0), at(50)) == milliseconds(10 + 1 + 10));
    CHECK(free.between(at(15), at(50)) == milliseconds(5 + 1 + 10));
    CHECK(free.between(at(22), at(45)) == milliseconds(1 + 5));
    CHECK_FALSE(free.was_free(at(9)));
    CHECK(free.was_free(at(10)));
    CHECK_FALSE(free.was_free(at(20)));
    CHECK(free.was_free(at(30)));
    CHECK_FALSE(free.was_free(at(35)));
    CHECK(free.was_free(at(1'000)));
}

TEST_CASE("a span that is told to begin before the last ended begins when it ended") {
    FreeTime free;
    free.begin(at(0));
    free.end(at(10));
    free.begin(at(5)); // an answer that was read in the same turn
    free.end(at(4));
    CHECK(free.between(at(0), at(20)) == milliseconds(10));
}

TEST_CASE("a span that began in time that was taken back begins when that ended") {
    FreeTime free;
    free.begin(at(0));
    free.end(at(10));
    free.begin(at(30));
    free.rewind(at(20));
    CHECK(free.was_free(at(21)));
    CHECK(free.between(at(0), at(40)) == milliseconds(10 + 20));
    free.rewind(at(5)); // not into the span before
    CHECK(free.between(at(0), at(40)) == milliseconds(10 + 30));
    free.rewind(at(50)); // it began before
    CHECK(free.between(at(0), at(40)) == milliseconds(10 + 30));
}

TEST_CASE("of spans that are forgotten nothing is counted") {
    FreeTime free;
    for (int i = 0; i < static_cast<int>(FreeTime::kKept) + 10; ++i) {
        free.begin(at(10 * i));
        free.end(at(10 * i + 1));
    }
    const int last = 10 * (static_cast<int>(FreeTime::kKept) + 10);
    CHECK(free.between(at(100), at(last)) == milliseconds(FreeTime::kKept));
    CHECK(free.between(at(0), at(last)) == milliseconds(FreeTime::kKept)); // ten more are forgotten
    CHECK_FALSE(free.was_free(at(0)));
    CHECK(free.was_free(at(100)));
}

} // namespace kvduel::load
