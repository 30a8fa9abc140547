#include "servers/common/log.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

namespace kvduel::servers {

namespace {

/// A pipe has room for a whole line then: it counts as writable from PIPE_BUF bytes on.
bool is_stderr_writable() noexcept {
    pollfd writable{STDERR_FILENO, POLLOUT, 0};
    return ::poll(&writable, 1, 0) == 1 && (writable.revents & POLLOUT) != 0;
}

} // namespace

void Log::warn(std::string_view text) const {
    if (level_ < LogLevel::kWarn) return;
    if (!is_stderr_writable()) {
        dropped_.fetch_add(1, std::memory_order_relaxed);
        return;
    }
    const std::uint64_t dropped = dropped_.exchange(0, std::memory_order_relaxed);
    const std::string lost = dropped == 0 ? "" : fmt::format(" ({} lines before it were dropped)", dropped);
    const std::string line = fmt::format("{}: warning: {}{}\n", program_, text, lost);
    [[maybe_unused]] const ssize_t written =
        ::write(STDERR_FILENO, line.data(), line.size()); // nowhere left to tell
}

} // namespace kvduel::servers
