#include "harness/stats/student_t.hpp"

#include "harness/stats/normal.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <initializer_list>
#include <numbers>

namespace kvduel::stats {

TEST_CASE("normal quantiles are those of the tables, and the distribution takes them back") {
    CHECK(normal_quantile(0.5) == 0);
    CHECK(normal_quantile(0.975) == doctest::Approx(1.959963984540054).epsilon(1e-13));
    CHECK(normal_quantile(0.005) == doctest::Approx(-2.575829303548901).epsilon(1e-13));
    for (const double p : {1e-12, 1e-4, 0.3, 0.7, 0.999, 1 - 1e-9})
        CHECK(normal_cdf(normal_quantile(p)) == doctest::Approx(p).epsilon(1e-12));
}

TEST_CASE("t quantiles are those of the tables") {
    struct Row {
        double p;
        double freedom;
        double t;
    };
    // 1 and 2 degrees of freedom by their closed forms, the others by SciPy 1.14.
    for (const Row& row : {Row{0.975, 1, 12.706204736174696}, Row{0.975, 2, 4.302652729749464},
                           Row{0.975, 4, 2.7764451051977987}, Row{0.95, 4, 2.131846786326649},
                           Row{0.995, 9, 3.2498355415921254}, Row{0.975, 30, 2.0422724563012373}})
        CHECK(student_t_quantile(row.p, row.freedom) == doctest::Approx(row.t).epsilon(1e-11));
}

TEST_CASE("t with 1 and 2 degrees of freedom has a closed form, far into the tails") {
    for (const double t : {0.0, 0.5, 3.0, 40.0, 1e5}) {
        CHECK(student_t_two_sided(t, 1) ==
              doctest::Approx(1 - 2 * std::atan(t) / std::numbers::pi).epsilon(1e-9));
        const double root = std::sqrt(2 + t * t);
        CHECK(student_t_two_sided(-t, 2) == doctest::Approx(2 / (root * (root + t))).epsilon(1e-12));
    }
    CHECK(student_t_two_sided(INFINITY, 4) == 0);
    CHECK(student_t_cdf(0, 7) == 0.5);
    for (const double freedom : {1.0, 3.0, 17.0, 999.0})
        for (const double p : {0.0001, 0.2, 0.9, 0.99999})
            CHECK(student_t_cdf(student_t_quantile(p, freedom), freedom) ==
                  doctest::Approx(p).epsilon(1e-10));
}

TEST_CASE("with many degrees of freedom t is normal") {
    CHECK(student_t_quantile(0.975, 1e9) == doctest::Approx(normal_quantile(0.975)).epsilon(1e-8));
}

} // namespace kvduel::stats
