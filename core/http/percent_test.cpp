#include "core/http/percent.hpp"

#include <doctest/doctest.h>

#include <cstdio>
#include <string>
#include <string_view>

namespace kvduel::http {

namespace {

std::string escape_all(std::string_view bytes) {
    std::string text;
    for (const char c : bytes) {
        char escape[4];
        std::snprintf(escape, sizeof escape, "%%%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
        text += escape;
    }
    return text;
}

} // namespace

TEST_CASE("text is decoded once and a plus stays a plus") {
    std::string out = "old";
    CHECK(percent_decode("", out));
    CHECK(out.empty());
    CHECK(percent_decode("%6B", out));
    CHECK(out == "k");
    CHECK(percent_decode("%2Fa%2f", out));
    CHECK(out == "/a/");
    CHECK(percent_decode("%2541", out));
    CHECK(out == "%41");
    CHECK(percent_decode("a+b/../.", out));
    CHECK(out == "a+b/../.");
    CHECK(percent_decode("%00", out));
    CHECK(out == std::string(1, '\0'));
}

TEST_CASE("all 256 bytes come back from their escapes") {
    std::string bytes;
    for (unsigned byte = 0; byte < 256; ++byte) bytes.push_back(static_cast<char>(byte));
    std::string out;
    CHECK(percent_decode(escape_all(bytes), out));
    CHECK(out == bytes);
}

TEST_CASE("broken escapes and bytes that no path holds are refused") {
    for (const std::string_view text : {"%", "%4", "%zz", "a%", "a%4", "%%41", "%4g", "a%-1", "a b", "a#",
                                        "[", "\x80", "\"", "<", "\\", "^", "{", "|", "`"}) {
        CAPTURE(text);
        std::string out;
        CHECK_FALSE(percent_decode(text, out));
        CHECK_FALSE(is_percent_encoded(text));
    }
    CHECK(is_percent_encoded("a=%20&b=?/:@"));
    CHECK(is_percent_encoded(""));
}

} // namespace kvduel::http
