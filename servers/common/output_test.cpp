#include "servers/common/output.hpp"

#include "core/support/unique_fd.hpp"

#include <doctest/doctest.h>

#include <sys/socket.h>

#include <array>
#include <string>

namespace kvduel::servers {
namespace {

const http::DateText kDate = http::format_date(784'111'777);

kv::Response value_response(std::string_view value) {
    kv::Response response;
    response.head.content_type = http::ContentType::kOctets;
    response.head.content_length = value.size();
    response.value = store::make_value(value);
    return response;
}

std::string gathered(const Output& output, std::size_t most_pieces) {
    std::array<iovec, Output::kMaxPieces> pieces;
    const std::size_t used = output.gather(std::span(pieces).first(most_pieces));
    std::string bytes;
    for (std::size_t i = 0; i < used; ++i)
        bytes.append(static_cast<const char*>(pieces[i].iov_base), pieces[i].iov_len);
    return bytes;
}

/// What leaves when the kernel takes `step` bytes at a time.
std::string drained(Output& output, std::size_t step, std::size_t most_pieces) {
    std::string bytes;
    while (output.unsent() > 0) {
        std::string next = gathered(output, most_pieces);
        REQUIRE_FALSE(next.empty());
        next.resize(std::min(next.size(), step));
        output.consume(next.size());
        bytes += next;
    }
    return bytes;
}

} // namespace

TEST_CASE("small and large bodies leave in order and whole, however little the socket takes") {
    const std::string small(100, 's');
    const std::string large(5'000, 'L');
    const std::string larger(9'000, 'X');
    std::string expected;
    for (const std::size_t step :
         {std::size_t{1}, std::size_t{7}, std::size_t{1'000}, std::size_t{100'000}}) {
        for (const std::size_t pieces : {std::size_t{1}, std::size_t{2}, Output::kMaxPieces}) {
            CAPTURE(step);
            CAPTURE(pieces);
            Output output;
            for (const std::string* value : {&small, &large, &larger, &small, &large}) {
                output.write_response(value_response(*value), kDate);
            }
            const std::size_t total = output.unsent();
            const std::string bytes = drained(output, step, pieces);
            CHECK(bytes.size() == total);
            if (expected.empty()) expected = bytes;
            REQUIRE(bytes == expected);
        }
    }
    CHECK(expected.find(small) < expected.find(large));
    CHECK(expected.find(large) < expected.find(larger));
}

TEST_CASE("a body of the copied size is one piece with its head, one byte more is a piece of its own") {
    std::array<iovec, Output::kMaxPieces> pieces;
    Output copied;
    copied.write_response(value_response(std::string(Output::kCopiedBodyBytes, 'c')), kDate);
    CHECK(copied.gather(pieces) == 1);
    Output referenced;
    referenced.write_response(value_response(std::string(Output::kCopiedBodyBytes + 1, 'r')), kDate);
    CHECK(referenced.gather(pieces) == 2);
}

TEST_CASE("a buffer that many answers made large is given back with the last of their bytes") {
    Output output;
    const std::string value(1'000, 'v');
    output.write_response(value_response(value), kDate);
    drained(output, 100'000, Output::kMaxPieces);
    CHECK(output.capacity() > 0); // one answer's is kept
    for (int i = 0; i < 16; ++i) output.write_response(value_response(value), kDate);
    CHECK(output.capacity() > Output::kKeptBytes);
    drained(output, 100'000, Output::kMaxPieces);
    CHECK(output.capacity() <= Output::kKeptBytes);
}

TEST_CASE("a socket that takes no more says so, and what it took is gone from the output") {
    std::array<int, 2> fds{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, fds.data()) == 0);
    const UniqueFd ours(fds[0]);
    UniqueFd theirs(fds[1]);
    Output output;
    const std::string value(8 << 20, 'v');
    output.write_response(value_response(value), kDate);
    const std::size_t before = output.unsent();
    std::uint64_t sent = 0;
    CHECK(send_output(ours.get(), output, sent) == SendStatus::kBlocked);
    CHECK(sent > 0);
    CHECK(output.unsent() == before - sent);
    theirs.reset();
    CHECK(send_output(ours.get(), output, sent) == SendStatus::kBroken);
}

} // namespace kvduel::servers
