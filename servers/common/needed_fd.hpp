#pragma once

#include "core/support/unique_fd.hpp"

#include <cerrno>
#include <system_error>

namespace kvduel::servers {

/// Goes on only if the call named `what`, without which the server cannot be, gave no error (-1). Throws
/// std::system_error, which serve_and_tell() tells.
inline void needed(int result, const char* what) {
    if (result < 0) throw std::system_error(errno, std::generic_category(), what);
}

/// Takes over a descriptor that the server cannot be without, just made by the call named `what`. Throws
/// std::system_error if the call failed.
inline UniqueFd needed_fd(int fd, const char* what) {
    needed(fd, what);
    return UniqueFd(fd);
}

} // namespace kvduel::servers
