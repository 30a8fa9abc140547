#include "servers/common/announce.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

namespace kvduel::servers {
namespace {

bool write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(fd, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

} // namespace

Outcome announce(const Address& bound, const Address& asked) {
    const std::string line =
        fmt::format("{{\"event\":\"listening\",\"host\":\"{}\",\"port\":{},\"pid\":{}}}\n", bound.host,
                    bound.port, ::getpid());
    if (write_all(STDOUT_FILENO, line) || asked.port != 0) return ok();
    return Error{ErrorKind::kUnavailable, "stdout",
                 std::string("cannot announce the port: ") + std::strerror(errno),
                 "keep stdout open, or choose a port"};
}

} // namespace kvduel::servers
