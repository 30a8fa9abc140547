#include "harness/report/json/gunzip.hpp"

#include <doctest/doctest.h>
#include <zlib.h>

#include <string>

namespace kvduel::report {
namespace {

std::string gzip(std::string text) {
    z_stream stream{};
    REQUIRE(::deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string bytes(::deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(text.data());
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
    stream.avail_out = static_cast<uInt>(bytes.size());
    CHECK(::deflate(&stream, Z_FINISH) == Z_STREAM_END);
    bytes.resize(stream.total_out);
    ::deflateEnd(&stream);
    return bytes;
}

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
    CHECK_FALSE(is_gzip("{}"));
    CHECK_FALSE(is_gzip(""));
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
