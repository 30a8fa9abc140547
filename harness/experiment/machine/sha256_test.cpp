#include "harness/experiment/machine/sha256.hpp"

#include <doctest/doctest.h>

#include <string_view>

namespace kvduel::experiment {

namespace {

std::string digest(std::string_view text, std::size_t piece) {
    Sha256 sha;
    const std::span bytes(reinterpret_cast<const unsigned char*>(text.data()), text.size());
    for (std::size_t at = 0; at < bytes.size(); at += piece)
        sha.update(bytes.subspan(at, std::min(piece, bytes.size() - at)));
    return sha.hex_digest();
}

} // namespace

TEST_CASE("SHA-256 gives the digests of FIPS 180-4's examples") {
    CHECK(digest("", 1) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(digest("abc", 3) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 7) ==
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    CHECK(digest(std::string(1'000'000, 'a'), 4'001) ==
          "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("any split of the bytes gives the same digest, at every length about a block's end") {
    for (std::size_t length = 50; length <= 130; ++length) {
        const std::string text(length, 'k');
        CHECK(digest(text, 1) == digest(text, 64));
        CHECK(digest(text, 13) == digest(text, length));
    }
}

TEST_CASE("a file that is not there has no digest") {
    CHECK_FALSE(sha256_of_file("/nonexistent/file"));
    CHECK(sha256_of_file("/proc/self/exe"));
}

} // namespace kvduel::experiment
