#include "servers/common/address.hpp"

#include <doctest/doctest.h>

namespace kvduel::servers {

TEST_CASE("an address is a numeric host and a port") {
    struct Row {
        const char* text;
        const char* same; ///< null: refused
    };
    for (const Row& row : {Row{"127.0.0.1:0", "127.0.0.1:0"}, Row{"localhost:8080", "127.0.0.1:8080"},
                           Row{"[::1]:65535", "[::1]:65535"}, Row{"0.0.0.0:1", "0.0.0.0:1"},
                           Row{"127.0.0.1", nullptr}, Row{":80", nullptr}, Row{"127.0.0.1:65536", nullptr},
                           Row{"127.0.0.1:-1", nullptr}, Row{"127.0.0.1:", nullptr}, Row{"::1:80", nullptr},
                           Row{"[127.0.0.1]:80", nullptr}, Row{"host:80", nullptr}, Row{"", nullptr}}) {
        CAPTURE(row.text);
        const auto address = parse_address(row.text);
        REQUIRE(static_cast<bool>(address) == (row.same != nullptr));
        if (row.same != nullptr) {
            CHECK(address->text() == row.same);
        } else {
            CHECK(address.error().kind == ErrorKind::kUsage);
        }
    }
}

} // namespace kvduel::servers
