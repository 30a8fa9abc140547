#include "harness/load/background/malformed.hpp"

#include "harness/workload/random.hpp"

namespace kvduel::load {

namespace {

constexpr std::size_t kLongTarget = 32'768; ///< over the request-line limit of our servers
constexpr std::string_view kStream = "noise";

} // namespace

std::vector<Malformed> make_malformed(std::string_view host) {
    const std::string field = "Host: " + std::string(host) + "\r\n";
    const std::string end = field + "\r\n";
    const std::string post = "POST / HTTP/1.1\r\n" + field;
    return {
        {"bad method", "GE@T /k HTTP/1.1\r\n" + end},
        {"unknown method", "FETCH /k HTTP/1.1\r\n" + end},
        {"method in lower case", "get /k HTTP/1.1\r\n" + end},
        {"bad version", "GET /k HTTP/1.1a\r\n" + end},
        {"no version", "GET /k\r\n" + end},
        {"other major version", "GET /k HTTP/9.9\r\n" + end},
        {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
        {"two spaces", "GET  /k HTTP/1.1\r\n" + end},
        {"bare LF", "GET /k HTTP/1.1\nHost: " + std::string(host) + "\n\n"},
        {"too long target", "GET /" + std::string(kLongTarget, 'a') + " HTTP/1.1\r\n" + end},
        {"bad escape", "GET /%zz HTTP/1.1\r\n" + end},
        {"raw byte in the target", "GET /\xff\xfe HTTP/1.1\r\n" + end},
        {"no host", "GET /k HTTP/1.1\r\n\r\n"},
        {"two hosts", "GET /k HTTP/1.1\r\n" + field + end},
        {"space before the colon", "GET /k HTTP/1.1\r\nHost : " + std::string(host) + "\r\n\r\n"},
        {"folded field", "GET /k HTTP/1.1\r\nX: a\r\n b\r\n" + end},
        {"two lengths", post + "Content-Length: 3\r\nContent-Length: 5\r\n\r\na=bcd"},
        {"length and coding", post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
        {"length that is none", post + "Content-Length: -5\r\n\r\n"},
        {"bad chunk size", post + "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n"},
        {"garbage", "\x80\x81\xfe\x01garbage\xff\r\n\r\n"},
        {"half a head", "GET /k HTT", true},
        {"half a body", post + "Content-Length: 100\r\n\r\nhalf=", true},
    };
}

std::size_t malformed_index(std::uint64_t seed, std::uint64_t connection, std::uint64_t n,
                            std::size_t shapes) noexcept {
    workload::Draw draw(workload::Seed(seed).split(kStream), connection, n);
    return draw.bits() % shapes;
}

} // namespace kvduel::load
