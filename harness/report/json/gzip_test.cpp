#include "harness/report/json/gzip.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

namespace kvduel::report {
namespace {

constexpr std::size_t kMost = 5'000'000;

} // namespace

TEST_CASE("what was compressed comes back, whatever its size, and what was not is told by its first bytes") {
    for (const std::size_t size : {0u, 1u, 1'000u, 1u << 20, 3'000'001u}) {
        const std::string text(size, 'x');
        CHECK(is_gzip(gzip(text)));
        const Result<std::string> back = gunzip(gzip(text), kMost);
        REQUIRE(back);
        CHECK(*back == text);
    }
    CHECK(gzip(std::string(3'000'001, 'x')).size() < 100'000);
    CHECK_FALSE(is_gzip("{}"));
    CHECK_FALSE(is_gzip(""));
}

TEST_CASE("what does not compress comes back as well, over the steps in which zlib is fed") {
    std::string text;
    std::uint32_t state = 1;
    while (text.size() < 2'500'000)
        text += static_cast<char>((state = state * 1'664'525 + 1'013'904'223) >> 24);
    const Result<std::string> back = gunzip(gzip(text), kMost);
    REQUIRE(back);
    CHECK(*back == text);
    CHECK(gzip(text) == gzip(text));
}

TEST_CASE("a file cut at any byte, with a damaged one or one too many is refused") {
    const std::string whole = gzip(R"({"schema": "kvduel.report/1"})");
    for (std::size_t cut = 0; cut < whole.size(); ++cut) CHECK_FALSE(gunzip(whole.substr(0, cut), kMost));
    CHECK_FALSE(gunzip(whole + "x", kMost));
    std::string damaged = whole;
    damaged[whole.size() - 6] ^= 1; // of the checksum
    CHECK_FALSE(gunzip(damaged, kMost));
}

TEST_CASE("a small file that unpacks to far more than allowed takes no more memory than that") {
    const Result<std::string> bomb = gunzip(gzip(std::string(50'000'000, ' ')), 1'000);
    REQUIRE(bomb);
    CHECK(bomb->size() == 1'001);
}

} // namespace kvduel::report
