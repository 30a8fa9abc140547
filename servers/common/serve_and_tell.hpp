#pragma once

#include "core/support/error.hpp"

#include <functional>
#include <string_view>

namespace kvduel::servers {

/// Serves, and tells on stderr what kept the server of `threads` threads from it: its own error, descriptors
/// or memory that it cannot start without (needed_fd.hpp). Gives the exit code.
int serve_and_tell(std::string_view program, unsigned threads, const std::function<Outcome()>& serve);

} // namespace kvduel::servers
