#include "harness/load/address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstring>

namespace kvduel::load {

Result<Address> make_address(const Target& target) {
    const std::string host = target.host == "localhost" ? "127.0.0.1" : target.host;
    if (target.port == 0)
        return Error{ErrorKind::kUsage, target.host, "no port", "write it as http://HOST:PORT, 1 to 65535"};
    Address address;
    sockaddr_in v4{};
    sockaddr_in6 v6{};
    if (inet_pton(AF_INET, host.c_str(), &v4.sin_addr) == 1) {
        v4.sin_family = AF_INET;
        v4.sin_port = htons(target.port);
        std::memcpy(&address.bytes, &v4, sizeof v4);
        address.size = sizeof v4;
        address.text = host + ":" + std::to_string(target.port);
    } else if (inet_pton(AF_INET6, host.c_str(), &v6.sin6_addr) == 1) {
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(target.port);
        std::memcpy(&address.bytes, &v6, sizeof v6);
        address.size = sizeof v6;
        address.text = "[" + host + "]:" + std::to_string(target.port);
    } else {
        return Error{ErrorKind::kUsage, target.host, "not a numeric address or \"localhost\"",
                     "names are not looked up; give the IPv4 or IPv6 address"};
    }
    return address;
}

} // namespace kvduel::load
