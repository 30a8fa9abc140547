#include "harness/stats/signed_rank.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <vector>

namespace kvduel::stats {
namespace {

/// P(W < k) over all 2^n signs, one by one.
double chance_below(std::size_t n, std::size_t k) {
    std::uint64_t below = 0;
    for (std::uint64_t signs = 0; signs < std::uint64_t{1} << n; ++signs) {
        std::size_t sum = 0;
        for (std::size_t rank = 1; rank <= n; ++rank)
            if ((signs >> (rank - 1) & 1) != 0) sum += rank;
        if (sum < k) ++below;
    }
    return static_cast<double>(below) / std::exp2(n);
}

} // namespace

TEST_CASE("depths and coverages are those of the published table") {
    struct Row {
        std::size_t n;
        std::size_t k95;
        double percent95;
        std::size_t k90;
        double percent90;
    };
    // Hollander, Wolfe and Chicken, table A.4, as coverages.
    for (const Row& row :
         {Row{5, 0, 0, 1, 93.8}, Row{6, 1, 96.9, 3, 90.6}, Row{7, 3, 95.3, 4, 92.2}, Row{8, 4, 96.1, 6, 92.2},
          Row{9, 6, 96.1, 9, 90.2}, Row{10, 9, 95.1, 11, 91.6}, Row{11, 11, 95.8, 14, 91.7},
          Row{12, 14, 95.8, 18, 90.8}, Row{13, 18, 95.2, 22, 90.6}, Row{14, 22, 95.1, 26, 90.9},
          Row{15, 26, 95.2, 31, 90.5}, Row{16, 30, 95.6, 36, 90.7}, Row{17, 35, 95.5, 42, 90.2},
          Row{18, 41, 95.2, 48, 90.1}, Row{19, 47, 95.1, 54, 90.5}, Row{20, 53, 95.2, 61, 90.3}}) {
        CAPTURE(row.n);
        const Depth at95 = signed_rank_depth(row.n, 0.95);
        const Depth at90 = signed_rank_depth(row.n, 0.90);
        CHECK(at95.k == row.k95);
        CHECK(at90.k == row.k90);
        CHECK(100 * at95.coverage == doctest::Approx(row.percent95).epsilon(0.0006));
        CHECK(100 * at90.coverage == doctest::Approx(row.percent90).epsilon(0.0006));
    }
}

TEST_CASE("a depth agrees with counting every sign vector, and the next one covers too little") {
    for (std::size_t n = 1; n <= 14; ++n)
        for (const double confidence : {0.5, 0.9, 0.95, 0.99}) {
            CAPTURE(n);
            CAPTURE(confidence);
            const Depth depth = signed_rank_depth(n, confidence);
            if (depth.k > 0) {
                CHECK(depth.coverage == doctest::Approx(1 - 2 * chance_below(n, depth.k)).epsilon(1e-12));
                CHECK(depth.coverage >= confidence);
            }
            CHECK(1 - 2 * chance_below(n, depth.k + 1) < confidence);
        }
}

TEST_CASE("Hodges-Lehmann is the median of the averages of pairs, worked by hand") {
    // 1, 2, 6: averages 1, 1.5, 3.5, 2, 4, 6; sorted 1, 1.5, 2, 3.5, 4, 6.
    const std::vector<double> three{6, 1, 2};
    CHECK(hodges_lehmann(three) == 2.75);
    const std::vector<double> one{7};
    CHECK(hodges_lehmann(one) == 7);
    const std::vector<double> with_outlier{1, 2, 3, 4, 1'000};
    CHECK(hodges_lehmann(with_outlier) == 3);
}

TEST_CASE("the interval ends at the k-th average from either end") {
    const std::vector<double> six{1, 2, 3, 4, 5, 9};
    CHECK(signed_rank_interval(six, 0.95) == Interval{1, 9});
    // 90 %: the third; smallest averages 1, 1.5, 2, 2; largest 9, 7, 6.5.
    CHECK(signed_rank_interval(six, 0.90) == Interval{2, 6.5});
    CHECK_FALSE(signed_rank_interval(std::vector<double>{1, 2, 3, 4, 5}, 0.95));
}

TEST_CASE("a depth for the most blocks a run can have is exact, too") {
    const Depth depth = signed_rank_depth(1'000, 0.95);
    // The normal approximation: n (n + 1) / 4 - 1.96 sqrt(n (n + 1) (2 n + 1) / 24).
    CHECK(static_cast<double>(depth.k) == doctest::Approx(250'250 - 1.96 * 9'135.0).epsilon(0.0005));
    CHECK(depth.coverage == doctest::Approx(0.95).epsilon(0.0001));
}

} // namespace kvduel::stats
