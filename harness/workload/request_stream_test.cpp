#include "harness/workload/request_stream.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

namespace kvduel::workload {

namespace {

Workload make_workload(std::uint64_t keys, KeyDistribution distribution, Mix mix) {
    Workload workload;
    workload.keys = keys;
    workload.key_distribution = distribution;
    workload.mix = mix;
    return workload;
}

constexpr KeyDistribution kZipfian{KeyDistribution::Kind::kZipfian, 0.99};

} // namespace

TEST_CASE("the same index gives the same request, in any order of asking") {
    const Workload workload = make_workload(1'000, kZipfian, {0.5, 0.5});
    const RequestStream stream(workload, Seed(1), "window", 0, 1);
    const RequestStream again(workload, Seed(1), "window", 0, 1);
    for (std::uint64_t i = 1'000; i-- > 0;) REQUIRE(stream.at(i) == again.at(i));
}

TEST_CASE("the mix comes by draw: half the requests write, but not every second one") {
    const RequestStream stream(make_workload(100, {}, {0.5, 0.5}), Seed(1), "window", 0, 1);
    int posts = 0;
    int turns = 0;
    for (std::uint64_t i = 0; i < 100'000; ++i) {
        posts += stream.at(i).operation == Operation::kPost ? 1 : 0;
        turns += stream.at(i).operation != stream.at(i + 1).operation ? 1 : 0;
    }
    CHECK(posts / 100'000.0 == doctest::Approx(0.5).epsilon(0.02));
    CHECK(turns / 100'000.0 == doctest::Approx(0.5).epsilon(0.02));
}

TEST_CASE("a mix of one operation has no other") {
    const RequestStream reads(make_workload(10, {}, {1, 0}), Seed(1), "window", 0, 1);
    const RequestStream writes(make_workload(10, {}, {0, 1}), Seed(1), "window", 0, 1);
    for (std::uint64_t i = 0; i < 10'000; ++i) {
        REQUIRE(reads.at(i).operation == Operation::kGet);
        REQUIRE(writes.at(i).operation == Operation::kPost);
    }
}

TEST_CASE("only its owner writes a key, and anybody reads it") {
    for (const std::uint64_t keys : {3ull, 10ull, 1'000ull}) {
        const Workload workload = make_workload(keys, kZipfian, {0.5, 0.5});
        for (std::uint64_t thread = 0; thread < 3; ++thread) {
            const RequestStream stream(workload, Seed(4), "window", thread, 3);
            std::vector<bool> read(keys);
            for (std::uint64_t i = 0; i < 20'000; ++i) {
                const KeyRequest request = stream.at(i);
                REQUIRE(request.key < keys);
                if (request.operation == Operation::kPost) REQUIRE(request.key % 3 == thread);
                if (request.operation == Operation::kGet) read[request.key] = true;
            }
            if (keys == 3) CHECK((read[0] && read[1] && read[2]));
        }
    }
}

TEST_CASE("the hot key is the same in every phase and thread, though the requests differ") {
    const Workload workload = make_workload(1'000, kZipfian, {1, 0});
    const auto hottest = [&](std::string_view phase, std::uint64_t thread) {
        const RequestStream stream(workload, Seed(4), phase, thread, 2);
        std::vector<int> counts(1'000);
        for (std::uint64_t i = 0; i < 20'000; ++i) ++counts[stream.at(i).key];
        return std::max_element(counts.begin(), counts.end()) - counts.begin();
    };
    CHECK(hottest("warm-up", 0) == hottest("window", 0));
    CHECK(hottest("window", 0) == hottest("window", 1));
    const RequestStream first(workload, Seed(4), "window", 0, 2);
    const RequestStream second(workload, Seed(4), "window", 1, 2);
    int equal = 0;
    for (std::uint64_t i = 0; i < 1'000; ++i) equal += first.at(i) == second.at(i) ? 1 : 0;
    CHECK(equal < 200);
}

TEST_CASE("equal seeds have equal digests; another seed, workload, phase or thread count has another") {
    const Workload workload = make_workload(1'000, kZipfian, {0.95, 0.05});
    const std::uint64_t digest = request_digest(workload, Seed(1), "window", 1);
    CHECK(digest == request_digest(workload, Seed(1), "window", 1));
    CHECK(digest != request_digest(workload, Seed(2), "window", 1));
    CHECK(digest != request_digest(workload, Seed(1), "warm-up", 1));
    CHECK(digest != request_digest(workload, Seed(1), "window", 2));
    CHECK(digest != request_digest(make_workload(1'000, kZipfian, {0.90, 0.10}), Seed(1), "window", 1));
    CHECK(digest != request_digest(make_workload(1'001, kZipfian, {0.95, 0.05}), Seed(1), "window", 1));
    Workload larger = workload;
    larger.value_bytes = 128;
    CHECK(digest != request_digest(larger, Seed(1), "window", 1));
}

TEST_CASE("a workload of one path has a digest of that path") {
    Workload workload;
    workload.path = "/a";
    const std::uint64_t digest = request_digest(workload, Seed(1), "window", 1);
    CHECK(digest == request_digest(workload, Seed(2), "window", 4));
    workload.path = "/b";
    CHECK(digest != request_digest(workload, Seed(1), "window", 1));
}

TEST_CASE("golden: seed 1 of get-zipfian keeps its digest") {
    // Regenerate only with a note in CHANGELOG.md: reports before and after then name different requests.
    CHECK(request_digest(make_workload(10'000, kZipfian, {1, 0}), Seed(1), "window", 1) ==
          5358316039727138533ULL);
}

} // namespace kvduel::workload
