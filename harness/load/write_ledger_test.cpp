#include "harness/load/write_ledger.hpp"

#include <doctest/doctest.h>

namespace kvduel::load {

TEST_CASE("the floor rises to a write when it is answered, not before") {
    WriteLedger ledger(10, 1);
    CHECK(ledger.floor(3) == 0);
    CHECK(ledger.begin_write(3) == 1);
    CHECK(ledger.floor(3) == 0);
    ledger.end_write(3, true);
    CHECK(ledger.floor(3) == 1);
    CHECK(ledger.floor(4) == 0);
}

TEST_CASE("writes that overlap raise the floor to the first of them, when the last is answered") {
    WriteLedger ledger(10, 2);
    CHECK(ledger.begin_write(5) == 1);
    CHECK(ledger.begin_write(5) == 2);
    ledger.end_write(5, true);
    CHECK(ledger.begin_write(5) == 3);
    ledger.end_write(5, true);
    CHECK(ledger.floor(5) == 0);
    ledger.end_write(5, true);
    CHECK(ledger.floor(5) == 1);
    CHECK(ledger.begin_write(5) == 4);
    ledger.end_write(5, true);
    CHECK(ledger.floor(5) == 4);
}

TEST_CASE("a refused write raises nothing") {
    WriteLedger ledger(10, 1);
    ledger.begin_write(1);
    ledger.end_write(1, false);
    CHECK(ledger.floor(1) == 0);
    ledger.begin_write(1);
    ledger.end_write(1, true);
    CHECK(ledger.floor(1) == 2);
}

TEST_CASE("a write that is never answered holds its key's floor for good") {
    WriteLedger ledger(10, 1);
    ledger.begin_write(1);
    for (int i = 0; i < 5; ++i) {
        ledger.begin_write(1);
        ledger.end_write(1, true);
    }
    CHECK(ledger.floor(1) == 0);
}

TEST_CASE("a held key keeps its floor, whatever is written to it") {
    WriteLedger ledger(10, 2);
    ledger.hold(4);
    ledger.begin_write(4);
    ledger.end_write(4, true);
    CHECK(ledger.floor(4) == 0);
    WriteLedger(0, 2).hold(4);
}

TEST_CASE("without keys every floor is 0") {
    CHECK(WriteLedger(0, 4).floor(123'456) == 0);
}

} // namespace kvduel::load
