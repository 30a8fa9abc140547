#include "harness/cli/terminal.hpp"

#include <fmt/format.h>

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace kvduel::cli {
namespace {

/// Of the terminal behind stderr.
std::size_t columns() {
    constexpr std::size_t kUsual = 80;
    winsize size{};
    if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kUsual;
    return size.ws_col;
}

} // namespace

bool is_terminal(int fd) {
    const char* const terminal = std::getenv("TERM");
    return terminal != nullptr && std::string_view(terminal) != "dumb" && ::isatty(fd) == 1;
}

bool may_be_coloured(int fd) {
    const char* const refusal = std::getenv("NO_COLOR");
    return (refusal == nullptr || *refusal == '\0') && is_terminal(fd);
}

void show_live(std::string_view text) {
    constexpr std::string_view kEraseLine = "\r\x1b[K";
    const std::string line = fmt::format("{}{}", kEraseLine, text.substr(0, columns() - 1));
    std::fwrite(line.data(), 1, line.size(),
                stderr); // a courtesy: a stderr that is full or closed ends nothing
    std::fflush(stderr);
}

} // namespace kvduel::cli
