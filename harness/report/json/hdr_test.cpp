#include "harness/report/json/hdr.hpp"

#include "harness/report/json/base64.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

namespace kvduel::report {
namespace {

using stats::Histogram;

Histogram of(std::initializer_list<std::pair<std::uint64_t, std::uint64_t>> values) {
    Histogram histogram;
    for (const auto& [value, times] : values) histogram.record(value, times);
    return histogram;
}

} // namespace

TEST_CASE("every histogram comes back with the same counters") {
    std::mt19937_64 random(7);
    std::vector<Histogram> cases{Histogram(), of({{0, 1}}), of({{Histogram::kHighest, 1}}),
                                 of({{Histogram::kHighest + 1, 4}}),
                                 of({{5, (std::uint64_t{1} << 53) - 1}, {7, 1}})};
    Histogram scattered;
    for (int i = 0; i < 5'000; ++i)
        scattered.record((random() % Histogram::kHighest) >> (random() % 42), random() % 100'000);
    cases.push_back(scattered);
    for (const Histogram& histogram : cases) {
        const std::string text = hdr_encode(histogram);
        CHECK(text.starts_with("HISTFAAA"));
        const Result<Histogram> back = hdr_decode(text);
        REQUIRE(back);
        CHECK(back->encode_v2_uncompressed() == histogram.encode_v2_uncompressed());
        CHECK(back->count() == histogram.count());
        CHECK(back->quantile(0.99) == histogram.quantile(0.99));
    }
}

TEST_CASE(
    "the vector of HdrHistogram_c survives compression and base64, and so do the figures read from it") {
    const Histogram vector = of({{1'000, 2}, {5'000'000, 1}});
    const Result<Histogram> back = hdr_decode(hdr_encode(vector));
    REQUIRE(back);
    CHECK(back->counter(1'000) == 2);
    CHECK(back->counter(13'508) == 1);
    CHECK(back->count() == 3);
    CHECK(back->quantile(0.5) == 1'000);
    CHECK(back->quantile(1.0) == Histogram::highest_value_of(13'508));
    CHECK(hdr_encode(*back) == hdr_encode(vector));
}

TEST_CASE("counts at every length of LEB128, up to the ninth byte that carries 8 bits, come back") {
    // ZigZag doubles a count, so 2^k - 1, 2^k and 2^k + 1 meet both sides of each length.
    for (int bit = 0; bit < 53; ++bit) {
        for (const int beside : {-1, 0, 1}) {
            const std::uint64_t count = (std::uint64_t{1} << bit) + static_cast<std::uint64_t>(beside);
            if (count == 0 || count >= std::uint64_t{1} << 53) continue;
            CAPTURE(count);
            const Result<Histogram> back = hdr_decode(hdr_encode(of({{77'777, count}})));
            REQUIRE(back);
            CHECK(back->count() == count);
            CHECK(back->counter(Histogram::index_of(77'777)) == count);
        }
    }
}

TEST_CASE("merging and then encoding is the same as encoding what was recorded in one") {
    const Histogram left = of({{5, 3}, {1'000'000, 7}});
    const Histogram right = of({{5, 1}, {Histogram::kHighest, 2}});
    Histogram merged = *hdr_decode(hdr_encode(left));
    merged.merge(*hdr_decode(hdr_encode(right)));
    CHECK(hdr_encode(merged) == hdr_encode(of({{5, 4}, {1'000'000, 7}, {Histogram::kHighest, 2}})));
}

TEST_CASE("what the encoder cannot have written is refused") {
    const std::string good = hdr_encode(of({{1'000, 2}}));
    CHECK_FALSE(hdr_decode(""));
    CHECK_FALSE(hdr_decode("HISTFAAA"));
    CHECK_FALSE(hdr_decode("!" + good.substr(1)));
    for (std::size_t cut = 4; cut < good.size(); cut += 4) CHECK_FALSE(hdr_decode(good.substr(0, cut)));
    CHECK_FALSE(hdr_decode(hdr_encode(of({{1, std::uint64_t{1} << 53}, {2, 1}}))));
}

TEST_CASE("base64 is the standard's, and only its canonical form is read") {
    const std::pair<const char*, const char*> rows[] = {{"", ""},
                                                        {"f", "Zg=="},
                                                        {"fo", "Zm8="},
                                                        {"foo", "Zm9v"},
                                                        {"foob", "Zm9vYg=="}, // RFC 4648 10
                                                        {"foobar", "Zm9vYmFy"}};
    for (const auto& [bytes, text] : rows) {
        CHECK(base64_encode(bytes) == text);
        CHECK(base64_decode(text) == bytes);
    }
    for (const char* bad : {"Zg=", "Zg", "Zh==", "Zm9=", "Z===", "=m9v", "Zg==Zg==", "Zm9v\n", "Zm-_"})
        CHECK_FALSE(base64_decode(bad));
}

} // namespace kvduel::report
