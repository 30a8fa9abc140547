#include "harness/workload/request_stream.hpp"
#include "harness/workload/workloads.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

// What a server is asked, against the shares that the workload names.

namespace kvduel::workload {

namespace {

constexpr int kRequests = 400'000;

/// Chi-square of the keys asked for, as standard deviations from its mean (Wilson and Hilferty 1931).
double chi_square_z(const RequestStream& stream, const std::vector<double>& share_of_key) {
    std::vector<double> seen(share_of_key.size());
    for (std::uint64_t i = 0; i < kRequests; ++i) seen[stream.at(i).key] += 1;
    double chi_square = 0;
    for (std::size_t key = 0; key < seen.size(); ++key) {
        const double expected = share_of_key[key] * kRequests;
        chi_square += (seen[key] - expected) * (seen[key] - expected) / expected;
    }
    const double freedom = static_cast<double>(seen.size() - 1);
    const double variance = 2.0 / (9.0 * freedom);
    return (std::cbrt(chi_square / freedom) - (1.0 - variance)) / std::sqrt(variance);
}

Workload reads(std::uint64_t keys, KeyDistribution distribution) {
    Workload workload;
    workload.keys = keys;
    workload.key_distribution = distribution;
    return workload;
}

} // namespace

TEST_CASE(
    "zipfian requests ask for the scrambled ranks with the shares of theory: chi-square over 1,000 keys") {
    for (const double theta : {0.5, 0.99, 1.2})
        for (const std::uint64_t seed : {1u, 2u, 3u}) {
            CAPTURE(theta);
            CAPTURE(seed);
            const Scramble scramble(1'000, Seed(seed).split("scramble"));
            std::vector<double> share(1'000);
            double sum = 0;
            for (std::uint64_t rank = 1; rank <= 1'000; ++rank)
                sum += share[scramble(rank - 1)] = std::pow(static_cast<double>(rank), -theta);
            for (double& of_key : share) of_key /= sum;
            const Workload workload = reads(1'000, {KeyDistribution::Kind::kZipfian, theta});
            CHECK(std::abs(chi_square_z({workload, Seed(seed), "window", 0, 1}, share)) < 3.5);
        }
}

TEST_CASE("uniform requests ask for every key alike: chi-square over 1,000 keys") {
    for (const std::uint64_t seed : {1u, 2u, 3u}) {
        CAPTURE(seed);
        const Workload workload = reads(1'000, {});
        CHECK(std::abs(chi_square_z({workload, Seed(seed), "window", 0, 1},
                                    std::vector<double>(1'000, 0.001))) < 3.5);
    }
}

TEST_CASE("every built-in workload keeps its mix, within four standard deviations") {
    for (const Workload& workload : workloads())
        for (const std::uint64_t thread : {0u, 1u}) {
            CAPTURE(workload.name);
            const RequestStream stream(workload, Seed(6), "window", thread, 2);
            double posts = 0;
            for (std::uint64_t i = 0; i < kRequests; ++i)
                posts += stream.at(i).operation == Operation::kPost ? 1 : 0;
            const double expected = workload.mix.post * kRequests;
            CHECK(std::abs(posts - expected) <= 4 * std::sqrt(expected * workload.mix.get));
        }
}

} // namespace kvduel::workload
