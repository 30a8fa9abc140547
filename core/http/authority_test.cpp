#include "core/http/authority.hpp"

#include <doctest/doctest.h>

#include <string_view>

namespace kvduel::http {

TEST_CASE("an authority is a host that is not empty and perhaps a port, as RFC 3986 has it") {
    for (const std::string_view good :
         {"h", "h:", "h:80", "a-b.c~d_e", "a,b!c", "%41b", "127.0.0.1:1", "256.1.1.1", "[::]", "[::1]:80",
          "[1::]", "[1:2:3:4:5:6:7:8]", "[1:2:3:4:5:6:7::]", "[::2:3:4:5:6:7:8]", "[1::3:4]",
          "[::ffff:1.2.3.4]", "[1:2:3:4:5:6:1.2.3.4]", "[v1.a:b]"}) {
        CAPTURE(good);
        CHECK(is_valid_authority(good));
    }
    for (const std::string_view bad : {"",
                                       ":80",
                                       "u@h",
                                       "h/p",
                                       "a b",
                                       "h:8x",
                                       "h:80:81",
                                       "%4",
                                       "%zz",
                                       "h[",
                                       "[",
                                       "[]",
                                       "[::1",
                                       "[::1]x",
                                       "[:1]",
                                       "[1:]",
                                       "[:::]",
                                       "[1::2::3]",
                                       "[1:2:3:4:5:6:7]",
                                       "[1:2:3:4:5:6:7:8:9]",
                                       "[1:2:3:4:5:6:7:8::]",
                                       "[12345::]",
                                       "[g::]",
                                       "[::1.2.3]",
                                       "[::1.2.3.256]",
                                       "[::01.2.3.4]",
                                       "[::1.2.3.4.5]",
                                       "[::1.2.3.4:1]",
                                       "[v.a]",
                                       "[v1.]",
                                       "[vx.a]",
                                       "[h]",
                                       "h?",
                                       "h#",
                                       "\x80"}) {
        CAPTURE(bad);
        CHECK_FALSE(is_valid_authority(bad));
    }
}

TEST_CASE("CONNECT must name a port") {
    CHECK(is_valid_authority_with_port("h:443"));
    CHECK(is_valid_authority_with_port("[::1]:443"));
    CHECK_FALSE(is_valid_authority_with_port("h"));
    CHECK_FALSE(is_valid_authority_with_port("h:"));
    CHECK_FALSE(is_valid_authority_with_port("[::1]"));
    CHECK_FALSE(is_valid_authority_with_port("[v1.1]"));
    CHECK_FALSE(is_valid_authority_with_port("/k"));
}

} // namespace kvduel::http
