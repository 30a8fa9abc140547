#include "core/http/head_cases_for_test.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

namespace kvduel::http {

namespace {

using namespace std::string_literals;

const std::vector<HeadCase>& request_line_cases() {
    static const std::vector<HeadCase> cases{
        {with_line("GET /k HTTP/1.1"), 0, "the plain request"},
        {"\r\n" + with_line("GET /k HTTP/1.1"), 0, "2: one CRLF before"},
        {"\r\n\r\n" + with_line("GET /k HTTP/1.1"), 400,
         "RFC 9112 2.2: a second CRLF is an empty request-line"},
        {"\rGET /k HTTP/1.1\r\n", 400, "a bare CR before"},
        {"\nGET /k HTTP/1.1\r\n", 400, "a bare LF before"},
        {"GET /k HTTP/1.1\n", 400, "3: bare LF, on sight"},
        {"GET /k\n", 400, "bare LF after the target, on sight"},
        {"GE\n", 400, "bare LF in the method, on sight"},
        {"GET /k HTTP/1.1\rx", 400, "bare CR, on sight"},
        {"GET /k HTTP/1.1\r\r\n", 400, "CR CR LF"},
        {with_line("GET  /k HTTP/1.1"), 400, "4: two SP after the method"},
        {with_line("GET /k  HTTP/1.1"), 400, "4: two SP after the target"},
        {with_line("GET /a b HTTP/1.1"), 400, "4: SP in the target"},
        {with_line("GET /k HTTP/1.1 "), 400, "SP at the end"},
        {with_line(" GET /k HTTP/1.1"), 400, "SP at the start"},
        {with_line("GET\t/k HTTP/1.1"), 400, "HTAB for SP"},
        {with_line("GET /k"), 400, "5: HTTP/0.9"},
        {with_line("GET"), 400, "method alone"},
        {with_line("GET /k "), 400, "empty version"},
        {with_line("GET /k HTTP/1"), 400, "6"},
        {with_line("GET /k HTTP/1.1a"), 400, "6"},
        {with_line("GET /k HTTP/01.1"), 400, "6"},
        {with_line("GET /k http/1.1"), 400, "RFC 9112 2.3: case-sensitive"},
        {with_line("GET /k HTTP/1,1"), 400, "no dot"},
        {with_line("GET /k HTTP/1.x"), 400, "no digit"},
        {with_line("GET /k HTTP/2.0"), 505, "7"},
        {with_line("GET /k HTTP/9.9"), 505, "7"},
        {with_line("GET /k HTTP/0.9"), 505, "another major version"},
        {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "7: the HTTP/2 preface"},
        {with_line("GET /k HTTP/1.2"), 0, "8"},
        {with_line("GET /k HTTP/1.9"), 0, "8"},
        {with_line("FOO /k HTTP/1.1"), 0, "9: the method is the router's business"},
        {with_line("get /k HTTP/1.1"), 0, "9"},
        {with_line("GE@T /k HTTP/1.1"), 400, "11"},
        {"GE\0T"s, 400, "11: NUL, on sight"},
        {with_line("GET /k#x HTTP/1.1"), 400, "18"},
        {"GET /\0"s, 400, "26: NUL, on sight"},
        {with_line("GET /\x01 HTTP/1.1"), 400, "26"},
        {with_line("GET /\x7f HTTP/1.1"), 400, "26"},
        {with_line("GET /\x80 HTTP/1.1"), 400, "27"},
        {with_line("GET /\xff HTTP/1.1"), 400, "27"},
        {with_line("GET /%6B%zz?a=1 HTTP/1.1"), 0, "escapes are the router's business"},
        {with_line("GET http://[::1]/k HTTP/1.1"), 0, "brackets: the router knows where they may stand"},
        {"GET /\" HTTP/1.1\r", -1, "the grammar is judged at the CRLF"},
    };
    return cases;
}

const std::vector<HeadCase>& field_cases() {
    static const std::vector<HeadCase> cases{
        {with_fields("A : b\r\n"), 400, "35: SP before the colon"},
        {with_fields("A\t: b\r\n"), 400, "35: HTAB before the colon"},
        {with_fields("A: b\r\n c\r\n"), 400, "36: obs-fold"},
        {with_fields("A: b\r\n\tc\r\n"), 400, "36: obs-fold"},
        {"GET /k HTTP/1.1\r\n Host: h\r\n\r\n", 400, "a blank before the first field"},
        {with_fields("A\r\n"), 400, "37: no colon"},
        {with_fields(": b\r\n"), 400, "37: empty name"},
        {with_fields("A[: b\r\n"), 400, "37"},
        {with_fields("A\xe9: b\r\n"), 400, "37: obs-text in a name"},
        {with_fields("A: b\0"s), 400, "38: NUL, on sight"},
        {with_fields("A\0"s), 400, "38: NUL in a name, on sight"},
        {with_fields("A: b\rc"), 400, "38: bare CR, on sight"},
        {with_fields("A: b\n"), 400, "bare LF, on sight"},
        {"GET /k HTTP/1.1\r\nHost: h\r\n\n", 400, "bare LF for the blank line"},
        {"GET /k HTTP/1.1\r\nHost: h\r\n\rx", 400, "bare CR for the blank line"},
        {with_fields("A: \x01\r\n"), 400, "a control byte in a value"},
        {with_fields("A: \x7f\r\n"), 400, "DEL in a value"},
        {with_fields("A: b\xff\tc d\r\n"), 0, "obs-text, HTAB and SP in a value"},
        {with_fields("A:\r\n"), 0, "an empty value"},
    };
    return cases;
}

/// A head whose request-line has `size` bytes.
std::string with_line_of(std::size_t size) {
    return with_line("GET /" + std::string(size - 14, 'k') + " HTTP/1.1");
}

/// A head whose field section, the blank line apart, has `size` bytes.
std::string with_section_of(std::size_t size) {
    return with_fields("A: " + std::string(size - 9 - 5, 'a') + "\r\n");
}

/// A head of `count` fields.
std::string with_count_of(std::size_t count) {
    std::string fields;
    for (std::size_t i = 1; i < count; ++i) fields += "A: b\r\n";
    return with_fields(fields);
}

} // namespace

TEST_CASE("the request-line is judged alike at every split") {
    check_cases(request_line_cases());
}

TEST_CASE("every byte that no URI holds is refused in a target") {
    for (unsigned byte = 1; byte < 256; ++byte) {
        const char c = static_cast<char>(byte);
        const bool is_alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const bool is_good =
            is_alnum || std::string_view("-._~:/?[]@!$&'()*+,;=%").find(c) != std::string_view::npos;
        CAPTURE(byte);
        const std::string verdict = read_bytewise(with_line("GET /" + std::string(1, c) + "x HTTP/1.1"));
        CHECK(verdict.starts_with(is_good ? "method" : "400!"));
    }
}

TEST_CASE("every byte that is no tchar is refused in a field name and in a method") {
    for (unsigned byte = 0; byte < 256; ++byte) {
        const char c = static_cast<char>(byte);
        const bool is_alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const bool is_token =
            is_alnum || (c != 0 && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos);
        CAPTURE(byte);
        const std::string in_name = read_bytewise(with_fields("A" + std::string(1, c) + "B: b\r\n"));
        CHECK(in_name.starts_with(is_token || c == ':' ? "method" : "400!"));
        const std::string in_method = read_bytewise(with_line("A" + std::string(1, c) + "B /k HTTP/1.1"));
        CHECK(in_method.starts_with(is_token ? "method" : "400!"));
    }
}

TEST_CASE("field lines are judged alike at every split") {
    check_cases(field_cases());
}

TEST_CASE("the request-line has its limit on both sides, and 400 while the method has no end") {
    const Limits limits{.max_key_bytes = 4'000, .max_value_bytes = 1};
    const std::size_t limit = limits.max_request_line_bytes();
    REQUIRE(limit == 12'256);
    REQUIRE(Limits{.max_key_bytes = 8}.max_request_line_bytes() == 8'192);
    CHECK(read_bytewise(with_line_of(limit), limits).starts_with("method"));
    CHECK(read_bytewise(with_line_of(limit + 1), limits) == "414!");
    CHECK(read_in_pieces(with_line_of(limit + 1), {}, limits) == "414!");
    CHECK(read_bytewise(with_line_of(8'000)).starts_with("method"));
    CHECK(read_bytewise(std::string(limit, 'G'), limits) == "need more");
    CHECK(read_bytewise(std::string(limit + 1, 'G'), limits) == "400!");
    CHECK(read_in_pieces(std::string(100'000, 'G'), {}) == "400!");
    CHECK(read_in_pieces("GET /" + std::string(100'000, 'k'), {}) == "414!");
    CHECK(read_in_pieces("GET /\"" + std::string(100'000, 'k'), {}) == "414!");
    CHECK(read_in_pieces("HEAD /" + std::string(100'000, 'k'), {}) == "414! head");
}

TEST_CASE("the field section and the count of fields have their limits on both sides") {
    CHECK(read_bytewise(with_section_of(16'384)).starts_with("method"));
    CHECK(read_bytewise(with_section_of(16'385)) == "431!");
    CHECK(read_in_pieces(with_section_of(16'385), {}) == "431!");
    CHECK(read_bytewise(with_count_of(100)).starts_with("method"));
    CHECK(read_bytewise(with_count_of(101)) == "431!");
    CHECK(read_in_pieces(with_count_of(10'000), {}) == "431!");
    CHECK(read_in_pieces(with_fields("A: " + std::string(100'000, 'a')), {}) == "431!");
    CHECK(read_in_pieces(with_fields(std::string(100'000, 'a')), {}) == "431!");
    CHECK(read_in_pieces("HEAD /k HTTP/1.1\r\n" + std::string(100'000, 'a'), {}) == "431! head");
}

TEST_CASE("a buffer of max_head_bytes is always enough for a verdict") {
    const Limits limits;
    const std::string line =
        "\r\nGET /" + std::string(limits.max_request_line_bytes() - 14, 'k') + " HTTP/1.1\r\n";
    std::string bytes = line + "Host: h\r\nA: ";
    bytes += std::string(line.size() + Limits::kMaxHeaderSectionBytes - bytes.size() - 2, 'a') + "\r\n\r\n";
    REQUIRE(bytes.size() == limits.max_head_bytes());
    CHECK(read_bytewise(bytes, limits).starts_with("method"));
    bytes.replace(bytes.size() - 4, 4, "aaaa");
    CHECK(read_bytewise(bytes, limits) == "431!");
}

TEST_CASE("a refused HEAD has no body, as soon as the method is known") {
    CHECK(read_bytewise("HEAD /k HTTP/1.1\r\n\r\n") == "400! head");
    CHECK(read_bytewise("HEAD /k HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n") == "501! head");
    CHECK(read_bytewise("HEAD /k HTTP/1.1\r\nA\r\n") == "400! head");
    CHECK(read_bytewise("HEAD /k#x HTTP/1.1\r\n") == "400! head");
    CHECK(read_bytewise("HEAD /k HTTP/2.0\r\n") == "505! head");
    CHECK(read_bytewise("\r\nHEAD /k\n") == "400! head");
    CHECK(read_bytewise("HEAD\n") == "400!");
    CHECK(read_bytewise("HEADS /k HTTP/2.0\r\n") == "505!");
}

} // namespace kvduel::http
