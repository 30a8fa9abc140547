#include "harness/load/source_addresses.hpp"

#include <arpa/inet.h>

#include <doctest/doctest.h>

#include <string>

namespace kvduel::load {

namespace {

std::string text_at(const SourceAddresses& sources, std::uint64_t ports) {
    const auto source = sources.at(ports);
    char text[INET_ADDRSTRLEN] = "none";
    if (source) inet_ntop(AF_INET, &source->sin_addr, text, sizeof text);
    return text;
}

} // namespace

TEST_CASE("sources of the loopback change before the ports of one run out, and come round") {
    const SourceAddresses sources(*make_address({"127.0.0.1", 80}), 0, 10);
    CHECK(sources.can_spread());
    CHECK(text_at(sources, 0) == "none");
    CHECK(text_at(sources, 9) == "none");
    CHECK(text_at(sources, 10) == "127.0.0.2");
    CHECK(text_at(sources, 1'199) == "127.0.0.120");
    CHECK(text_at(sources, 1'200) == "none");
}

TEST_CASE("two users of the loopback have no source in common") {
    const SourceAddresses sources(*make_address({"127.0.0.1", 80}), 1);
    CHECK(text_at(sources, 0) == "127.0.1.1");
    CHECK(text_at(sources, SourceAddresses::kPortsPerSource) == "127.0.1.2");
}

TEST_CASE("other targets have the source that the kernel chooses") {
    for (const char* host : {"10.0.0.1", "::1"}) {
        const SourceAddresses sources(*make_address({host, 80}), 1);
        CHECK_FALSE(sources.can_spread());
        CHECK(text_at(sources, 1'000'000) == "none");
    }
}

} // namespace kvduel::load
