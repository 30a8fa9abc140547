#include "harness/experiment/text/time_text.hpp"

#include <doctest/doctest.h>

namespace kvduel::experiment {

TEST_CASE("times are written in UTC, with milliseconds rounded down, or short for names") {
    using std::chrono::milliseconds;
    const std::chrono::system_clock::time_point epoch{};
    CHECK(rfc3339(epoch) == "1970-01-01T00:00:00.000Z");
    CHECK(rfc3339(epoch + milliseconds(1'772'360'100'042)) == "2026-03-01T10:15:00.042Z");
    CHECK(rfc3339(epoch - milliseconds(1)) == "1969-12-31T23:59:59.999Z");
    CHECK(compact_time(epoch + milliseconds(1'772'360'100'999)) == "20260301T101500Z");
}

} // namespace kvduel::experiment
