#include "harness/cli/terminal.hpp"

#include <cstdlib>
#include <string_view>
#include <unistd.h>

namespace kvduel::cli {

bool is_terminal(int fd) {
    const char* const terminal = std::getenv("TERM");
    return terminal != nullptr && std::string_view(terminal) != "dumb" && ::isatty(fd) == 1;
}

bool may_be_coloured(int fd) {
    const char* const refusal = std::getenv("NO_COLOR");
    return (refusal == nullptr || *refusal == '\0') && is_terminal(fd);
}

} // namespace kvduel::cli
