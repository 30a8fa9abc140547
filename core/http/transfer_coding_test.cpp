#include "core/http/transfer_coding.hpp"

#include <doctest/doctest.h>

#include <string_view>

namespace kvduel::http {

TEST_CASE("chunked alone is decoded, in either case and with empty list elements") {
    for (const std::string_view value :
         {"chunked", "CHUNKED", " chunked\t", "chunked,", ", chunked", ",,chunked , ,"}) {
        CAPTURE(value);
        CHECK(judge_transfer_encoding(value) == TransferCoding::kChunked);
    }
}

TEST_CASE("a well-formed coding of somebody else's is unknown") {
    for (const std::string_view value :
         {"gzip", "identity", "xchunked", "chunkedx", "gzip, chunked", "gzip, deflate", "gzip;q=1, chunked",
          "gzip ; a = \"x,y\"", "gzip;a=b;c=\"\\\"\"", "a;b=\"\""}) {
        CAPTURE(value);
        CHECK(judge_transfer_encoding(value) == TransferCoding::kUnknown);
    }
}

TEST_CASE("an empty or ill-formed list, and chunked repeated, not last or with parameters, is faulty") {
    for (const std::string_view value : {"",
                                         " ",
                                         ",",
                                         "chunked, gzip",
                                         "chunked, chunked",
                                         "chunked;q=1",
                                         "chunked;",
                                         "chunked chunked",
                                         "gzip chunked",
                                         "gzip;",
                                         "gzip;a",
                                         "gzip;a=",
                                         "gzip;a=\"",
                                         "gzip;a=\"\\",
                                         "gzip;a=\"\x01\"",
                                         "gzip;=b",
                                         "\"chunked\"",
                                         "(x)",
                                         "chunked\x01",
                                         "gzip/x",
                                         "gzip, chunked, gzip"}) {
        CAPTURE(value);
        CHECK(judge_transfer_encoding(value) == TransferCoding::kFaulty);
    }
}

} // namespace kvduel::http
