#include "core/http/character.hpp"

#include <doctest/doctest.h>

#include <string>

namespace kvduel::http {

TEST_CASE("the first control byte is found at every place beside every byte") {
    for (unsigned byte = 0; byte < 256; ++byte) {
        const char c = static_cast<char>(byte);
        for (std::size_t at = 0; at < 20; ++at) {
            std::string text(20, 'x');
            text[at] = c;
            if (at + 1 < text.size()) text[at + 1] = '\x01';
            const std::size_t wanted = is_control(c) ? at : at + 1;
            CAPTURE(byte);
            REQUIRE(find_control(text.data(), text.data() + text.size()) == text.data() + wanted);
        }
    }
}

TEST_CASE("only ASCII letters fold, and the whole text must match") {
    CHECK(equals_ignoring_case("ChUnKeD", "chunked"));
    CHECK_FALSE(equals_ignoring_case("chunke", "chunked"));
    CHECK_FALSE(equals_ignoring_case("[", "{"));
    CHECK_FALSE(equals_ignoring_case("chunke\xE4", "chunked"));
}

TEST_CASE("blanks are trimmed at both ends and nowhere else") {
    CHECK(trim_blanks(" \ta b\t ") == "a b");
    CHECK(trim_blanks(" \t") == "");
}

} // namespace kvduel::http
