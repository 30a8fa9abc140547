#include "core/http/body_decoder.hpp"
#include "core/http/body_reading_for_test.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

namespace kvduel::http {

namespace {

using namespace std::string_literals;

constexpr std::uint64_t kMaxBytes = 16;

struct Row {
    std::string bytes;
    const char* verdict;
    const char* data; ///< of an accepted body
    const char* why;
};

const std::vector<Row>& good_bodies() {
    static const std::vector<Row> rows{
        {"0\r\n\r\n", "done", "", "empty"},
        {"5\r\nhello\r\n0\r\n\r\n", "done", "hello", "55: one chunk"},
        {"a\r\n0123456789\r\n5\r\nhello\r\n000\r\n\r\n", "done", "0123456789hello", "55: many, 000 last"},
        {"0000000000000005\r\nhello\r\n0\r\n\r\n", "done", "hello", "16 digits"},
        {"5;a=b\r\nhello\r\n0;c\r\n\r\n", "done", "hello", "56"},
        {"5;a=\"x;y\"\r\nhello\r\n0\r\n\r\n", "done", "hello", "56"},
        {"5 ; a = b ;c\t=\"\\\"\t\xff\";d\r\nhello\r\n0\r\n\r\n", "done", "hello",
         "56: blanks, escapes, obs-text"},
        {"5;a=\"\"\r\nhello\r\n0\r\n\r\n", "done", "hello", "an empty quoted-string"},
        {"5\r\na=\r\nb\r\n0\r\n\r\n", "done", "a=\r\nb", "CRLF in the data is data"},
        {"0\r\nX: y\r\nContent-Length: 5\r\nTransfer-Encoding: gzip\r\nHost: x y\r\n\r\n", "done", "", "62"},
        {"0\r\n\r\nGET / HTTP/1.1\r\n", "done", "", "42: what follows is not looked at"},
        {"5\r\nhello\r\n0\r\n\r", "need more", "hello", "61"},
        {"5\r\nhell", "need more", "hell", "61"},
        {"", "need more", "", "61"},
    };
    return rows;
}

const std::vector<Row>& bad_bodies() {
    static const std::vector<Row> rows{
        {"0x5\r\n", "400!", "", "57"},
        {"+5\r\n", "400!", "", "57"},
        {"-1\r\n", "400!", "", "57"},
        {"G\r\n", "400!", "", "57"},
        {"\r\n", "400!", "", "57: empty"},
        {" 5\r\n", "400!", "", "a blank before the size"},
        {"5 \r\n", "400!", "", "a blank that leads to no extension"},
        {"5;\r\n", "400!", "", "an extension without a name"},
        {"5;=b\r\n", "400!", "", "an extension without a name"},
        {"5;a=\r\n", "400!", "", "an extension without its value"},
        {"5;a \r\n", "400!", "", "a blank after the name"},
        {"5;a b\r\n", "400!", "", "two words"},
        {"5;a=b c\r\n", "400!", "", "two words"},
        {"5;a=b \r\n", "400!", "", "a blank at the end"},
        {"5;a=\"b\r\n", "400!", "", "an open quoted-string"},
        {"5;a=\"b\"c\r\n", "400!", "", "text after a quoted-string"},
        {"5;a=\"\x01\"\r\n", "400!", "", "a control byte in quotes"},
        {"5;a=\"\\\x7f\"\r\n", "400!", "", "an escaped control byte"},
        {"5;a\0"s, "400!", "", "NUL in an extension, on sight"},
        {"5\n", "400!", "", "bare LF after the size, on sight"},
        {"5\rh", "400!", "", "bare CR after the size"},
        {"5;a\n", "400!", "", "bare LF after an extension"},
        {"00000000000000005\r\n", "400!", "", "58: 17 digits"},
        {"10000000000000000\r\n", "400!", "", "58: 2^64"},
        {std::string(40, 'f'), "400!", "", "58"},
        {"ffffffffffffffff\r\n", "413!", "", "2^64 - 1 fits 64 bits and nothing else"},
        {"10\r\n0123456789abcdef\r\n1\r\n", "413!", "", "59: at the crossing chunk"},
        {"11\r\n", "413!", "", "59: at once"},
        {"a\r\n0123456789\r\nA\r\n", "413!", "", "59: the second A crosses"},
        {"11\r", "need more", "", "59: when the line is whole"},
        {"5\r\nhelloX", "400!", "", "60"},
        {"5\r\nhello\n", "400!", "", "60: bare LF"},
        {"5\r\nhello\rX", "400!", "", "60: bare CR"},
        {"0\r\nX\r\n", "400!", "", "a trailer without a colon"},
        {"0\r\nX : y\r\n", "400!", "", "a blank before the colon"},
        {"0\r\nX: y\r\n z\r\n", "400!", "", "obs-fold in a trailer"},
        {"0\r\nX: y\n", "400!", "", "bare LF in a trailer, on sight"},
        {"0\r\n\n", "400!", "", "bare LF at the end"},
    };
    return rows;
}

void check_rows(const std::vector<Row>& rows) {
    for (const Row& row : rows) {
        CAPTURE(row.why);
        CAPTURE(row.bytes);
        const BodyReading whole = decode_in_pieces(chunked_head(), kMaxBytes, row.bytes, {});
        CHECK(whole.verdict == row.verdict);
        if (whole.verdict.back() != '!') CHECK(whole.data == row.data);
        CHECK(decode_bytewise(chunked_head(), kMaxBytes, row.bytes) == whole);
        for (std::size_t at = 0; at <= row.bytes.size(); ++at)
            REQUIRE(decode_in_pieces(chunked_head(), kMaxBytes, row.bytes, {at}) == whole);
    }
}

std::string verdict_of(const std::string& bytes) {
    const BodyReading whole = decode_in_pieces(chunked_head(), 1'000'000, bytes, {});
    CHECK(decode_bytewise(chunked_head(), 1'000'000, bytes) == whole);
    return whole.verdict;
}

Head head_of_length(std::uint64_t length) {
    Head head;
    head.framing = Framing::kLength;
    head.content_length = length;
    return head;
}

} // namespace

TEST_CASE("good chunked bodies give their data alike at every split") {
    check_rows(good_bodies());
}

TEST_CASE("bad chunked bodies are refused alike at every split") {
    check_rows(bad_bodies());
}

TEST_CASE("what follows a chunked body is left for the next request") {
    const BodyReading reading =
        decode_in_pieces(chunked_head(), kMaxBytes, "1\r\nx\r\n0\r\nA: b\r\n\r\nGET", {});
    CHECK(reading.verdict == "done");
    CHECK(reading.consumed == 17);
}

TEST_CASE("chunk lines and a body's extensions have their limits on both sides") {
    const auto line = [](std::size_t size) { return "1;" + std::string(size - 2, 'a') + "\r\nx\r\n"; };
    CHECK(verdict_of(line(4'096) + "0\r\n\r\n") == "done");
    CHECK(verdict_of(line(4'097) + "0\r\n\r\n") == "400!");
    const std::string three = line(4'096) + line(4'096) + line(4'096);
    // 3 x 4,095 bytes of extension so far: 16,384 are met by 4,095 + 4 more.
    CHECK(verdict_of(three + line(4'096) + line(5) + "0\r\n\r\n") == "done");
    CHECK(verdict_of(three + line(4'096) + line(6) + "0\r\n\r\n") == "400!");
}

TEST_CASE("trailers have their limits on both sides") {
    const auto sized = [](std::size_t size) { return "0\r\nA: " + std::string(size - 5, 'a') + "\r\n\r\n"; };
    CHECK(verdict_of(sized(8'192)) == "done");
    CHECK(verdict_of(sized(8'193)) == "431!");
    const auto counted = [](std::size_t count) {
        std::string body = "0\r\n";
        for (std::size_t i = 0; i < count; ++i) body += "A: b\r\n";
        return body + "\r\n";
    };
    CHECK(verdict_of(counted(100)) == "done");
    CHECK(verdict_of(counted(101)) == "431!");
}

TEST_CASE("a body with a length is taken alike at every split, and no byte more") {
    const std::string bytes = "hello=\0world GET"s;
    const BodyReading whole = decode_in_pieces(head_of_length(12), kMaxBytes, bytes, {});
    CHECK(whole.verdict == "done");
    CHECK(whole.data == "hello=\0world"s);
    CHECK(whole.consumed == 12);
    for (std::size_t at = 0; at <= bytes.size(); ++at)
        CHECK(decode_in_pieces(head_of_length(12), kMaxBytes, bytes, {at}) == whole);
    CHECK(decode_in_pieces(head_of_length(12), kMaxBytes, "hello", {}).verdict == "need more");
}

TEST_CASE("no body is done at once, and the limit of a length has two sides") {
    CHECK(decode_in_pieces(Head{}, kMaxBytes, "GET", {}).verdict == "done");
    CHECK(decode_in_pieces(head_of_length(0), kMaxBytes, "GET", {}).consumed == 0);
    CHECK(decode_in_pieces(head_of_length(16), kMaxBytes, std::string(16, 'x'), {}).verdict == "done");
    CHECK(decode_in_pieces(head_of_length(17), kMaxBytes, "", {}).verdict == "413!");
    CHECK(BodyDecoder{Limits{}}.decode("GET").state == BodyDecoder::State::kDone);
}

TEST_CASE("the refused body of a HEAD is answered without a body") {
    Head head = chunked_head();
    head.method = Method::kHead;
    CHECK(decode_in_pieces(head, kMaxBytes, "x", {}).verdict == "400! head");
}

TEST_CASE("one decoder serves the bodies of a connection one after the other") {
    BodyDecoder decoder{Limits{}};
    for (int round = 0; round < 2; ++round) {
        decoder.start(chunked_head(), 3);
        BodyReading reading;
        CHECK(read_piece(decoder, "3;a=b\r\nabc\r\n0\r\nA: b\r\n\r\n", reading));
        CHECK(reading.verdict == "done");
        decoder.start(head_of_length(1), 3);
        CHECK(read_piece(decoder, "x", reading));
        CHECK(reading.data == "abcx");
    }
}

} // namespace kvduel::http
