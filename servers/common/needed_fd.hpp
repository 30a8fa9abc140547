#pragma once

#include "core/support/unique_fd.hpp"

#include <cerrno>
#include <system_error>

namespace kvduel::servers {

/// Takes over a descriptor that the server cannot be without, just made by the call named `what`. Throws
/// std::system_error if the call failed, which server_main() tells.
inline UniqueFd needed_fd(int fd, const char* what) {
    if (fd < 0) throw std::system_error(errno, std::generic_category(), what);
    return UniqueFd(fd);
}

} // namespace kvduel::servers
