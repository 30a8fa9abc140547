#include "servers/common/log.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace kvduel::servers {

void Log::write(LogLevel level, std::string_view word, std::string_view text) const {
    if (level > level_) return;
    const std::string line = fmt::format("{}: {}: {}\n", program_, word, text);
    [[maybe_unused]] const ssize_t written =
        ::write(STDERR_FILENO, line.data(), line.size()); // nowhere left to tell
}

} // namespace kvduel::servers
