#include "harness/experiment/server/socket_owner.hpp"

#include "core/support/unique_fd.hpp"
#include "harness/experiment/machine/cpu_plan.hpp"
#include "harness/experiment/machine/proc_file.hpp"
#include "harness/load/address.hpp"

#include <netinet/in.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <sstream>
#include <string_view>

namespace kvduel::experiment {

namespace {

// The kernel lists listening sockets before all others, so connections do not push them out.
constexpr std::size_t kMaxTableBytes = std::size_t{1} << 20;
// The table comes in pieces, and a socket can be missed where others came or went between two of them.
constexpr int kLooks = 3;
constexpr std::size_t kMaxDescriptors = std::size_t{1} << 20; // looked at, of all processes together
constexpr std::size_t kMaxThreads = 4'096;                    // of a process; the others inherit from these
constexpr std::size_t kStatusBytes = 8'192;

using Ip = std::array<std::uint8_t, 16>; // IPv4 as ::ffff:a.b.c.d

constexpr Ip kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0};
constexpr std::size_t kPrefixSize = 12;

struct Listener {
    Ip ip{};
    std::uint16_t port = 0;
    bool is_v4 = false;
    std::uint64_t inode = 0;
};

bool is_v4(const Ip& ip) {
    return std::equal(ip.begin(), ip.begin() + kPrefixSize, kMappedPrefix.begin());
}

Ip ip_of(const sockaddr_storage& bytes) {
    Ip ip = kMappedPrefix;
    if (bytes.ss_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &bytes, sizeof v4);
        std::memcpy(ip.data() + kPrefixSize, &v4.sin_addr, sizeof v4.sin_addr);
    } else {
        sockaddr_in6 v6{};
        std::memcpy(&v6, &bytes, sizeof v6);
        std::memcpy(ip.data(), &v6.sin6_addr, sizeof v6.sin6_addr);
    }
    return ip;
}

bool is_loopback(const Ip& ip) {
    return is_v4(ip) ? ip[kPrefixSize] == 127 : ip == Ip{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
}

/// The address that a connection to `address` reaches (0.0.0.0 is 127.0.0.1), if it is one of this machine's:
/// the kernel then gives the connection the same address at its own end. A datagram socket sends nothing.
std::optional<Ip> local_ip(const load::Address& address) {
    const UniqueFd socket(::socket(address.bytes.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_storage own{};
    sockaddr_storage peer{};
    socklen_t own_size = sizeof own;
    socklen_t peer_size = sizeof peer;
    if (!socket ||
        ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address.bytes), address.size) != 0 ||
        ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&own), &own_size) != 0 ||
        ::getpeername(socket.get(), reinterpret_cast<sockaddr*>(&peer), &peer_size) != 0)
        return std::nullopt;
    const Ip reached = ip_of(peer);
    if (!is_loopback(reached) && ip_of(own) != reached) return std::nullopt;
    return reached;
}

template <typename Number>
bool read_number(std::string_view text, int base, Number& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    return error == std::errc{} && end == text.data() + text.size();
}

/// "0100007F:1F90": words of 32 bits, each printed as this machine's number of the bytes on the wire.
bool read_endpoint(std::string_view text, Listener& listener) {
    const std::size_t colon = text.find(':');
    if (colon != 8 && colon != 32) return false;
    listener.is_v4 = colon == 8;
    listener.ip = kMappedPrefix;
    std::uint8_t* place = listener.ip.data() + (listener.is_v4 ? kPrefixSize : 0);
    for (std::size_t at = 0; at < colon; at += 8, place += 4) {
        std::uint32_t word = 0;
        if (!read_number(text.substr(at, 8), 16, word)) return false;
        std::memcpy(place, &word, sizeof word);
    }
    return read_number(text.substr(colon + 1), 16, listener.port);
}

/// proc(5), /proc/net/tcp: "sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode ...".
std::vector<Listener> read_listeners(const std::string& path) {
    std::vector<Listener> listeners;
    std::istringstream lines(read_small_file(path, kMaxTableBytes).value_or(""));
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        const std::vector<std::string> fields{std::istream_iterator<std::string>(words), {}};
        Listener listener;
        if (fields.size() > 9 && fields[3] == "0A" && read_endpoint(fields[1], listener) &&
            read_number(fields[9], 10, listener.inode))
            listeners.push_back(listener);
    }
    return listeners;
}

/// How near a socket's address is to the one that is asked for; the least gets the connections. None: it gets
/// none of them.
std::optional<int> distance(const Listener& listener, const Ip& wanted) {
    if (listener.is_v4 && !is_v4(wanted)) return std::nullopt;
    if (listener.ip == wanted) return listener.is_v4 ? 0 : 1;
    if (listener.ip != (listener.is_v4 ? kMappedPrefix : Ip{})) return std::nullopt;
    return listener.is_v4 ? 2 : 3;
}

/// What the descriptors of the sockets that get the connections read as: "socket:[123]".
std::vector<std::string> links_of(const Ip& wanted, std::uint16_t port, const std::string& proc) {
    std::vector<std::string> links;
    int nearest = 4;
    for (const char* table : {"/net/tcp", "/net/tcp6"})
        for (const Listener& listener : read_listeners(proc + table)) {
            const std::optional<int> far = distance(listener, wanted);
            if (listener.port != port || !far || *far > nearest) continue;
            if (*far < nearest) links.clear();
            nearest = *far;
            links.push_back("socket:[" + std::to_string(listener.inode) + "]");
        }
    return links;
}

/// The rest of the line that begins with `key`, blanks at its start removed.
std::string_view text_after(std::string_view text, std::string_view key) {
    const std::size_t line = text.find(key);
    if (line == std::string_view::npos) return {};
    text = text.substr(line + key.size());
    text = text.substr(0, text.find('\n'));
    return text.substr(std::min(text.find_first_not_of(" \t"), text.size()));
}

} // namespace

SocketOwners find_socket_owners(const load::Target& target, const std::string& proc) {
    SocketOwners owners;
    const auto address = load::make_address(target);
    const std::optional<Ip> ip = address ? local_ip(*address) : std::nullopt;
    owners.is_local = ip.has_value();
    owners.absence = "its address is not one of this machine's";
    if (!ip) return owners;
    std::vector<std::string> links;
    for (int look = 0; look < kLooks && links.empty(); ++look) links = links_of(*ip, target.port, proc);
    owners.absence = "no listening socket is to be seen at its address";
    if (links.empty()) return owners;
    owners.absence = "no process that this user may look into holds its listening socket";
    std::size_t descriptors = 0;
    for (const int pid : numbered_entries(proc)) {
        const std::string folder = proc + "/" + std::to_string(pid) + "/fd/";
        for (const int fd : numbered_entries(folder)) {
            if (++descriptors > kMaxDescriptors)
                return {true, {}, "this machine has too many descriptors to look through"};
            std::array<char, 64> link{};
            const ssize_t size = ::readlink((folder + std::to_string(fd)).c_str(), link.data(), link.size());
            const std::string_view text(link.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
            if (std::find(links.begin(), links.end(), text) == links.end()) continue;
            owners.pids.push_back(pid);
            break;
        }
    }
    std::sort(owners.pids.begin(), owners.pids.end());
    if (!owners.pids.empty()) owners.absence.clear();
    return owners;
}

std::optional<std::vector<int>> allowed_cpus(const std::vector<int>& pids, const std::string& proc) {
    std::vector<int> all;
    for (const int pid : pids) {
        const std::string tasks = proc + "/" + std::to_string(pid) + "/task";
        std::vector<int> threads = numbered_entries(tasks);
        threads.resize(std::min(threads.size(), kMaxThreads));
        bool is_told = false;
        for (const int thread : threads) {
            const auto status =
                read_small_file(tasks + "/" + std::to_string(thread) + "/status", kStatusBytes);
            if (!status) continue; // it ended just now
            const std::vector<int> cpus = parse_cpu_list(text_after(*status, "\nCpus_allowed_list:"));
            is_told = is_told || !cpus.empty();
            all.insert(all.end(), cpus.begin(), cpus.end());
        }
        if (!is_told) return std::nullopt;
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    if (all.empty()) return std::nullopt;
    return all;
}

} // namespace kvduel::experiment
