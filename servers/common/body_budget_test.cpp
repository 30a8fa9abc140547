#include "servers/common/body_budget.hpp"

#include <doctest/doctest.h>

namespace kvduel::servers {

TEST_CASE("bodies share one budget; a refused growth changes nothing; an ended body gives all back") {
    BodyBudget budget(100);
    {
        BodyBudget::Charge first(budget);
        BodyBudget::Charge second(budget);
        CHECK(first.grow_to(60));
        CHECK(second.grow_to(40));
        CHECK_FALSE(second.grow_to(41));
        CHECK(budget.used() == 100);
        CHECK(first.grow_to(10)); // less than held: held stands
        CHECK(budget.used() == 100);
        first.release();
        CHECK(second.grow_to(100));
    }
    CHECK(budget.used() == 0);
}

} // namespace kvduel::servers
