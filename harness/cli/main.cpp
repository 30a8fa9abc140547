#include "harness/cli/command.hpp"

#include <csignal>
#include <cstdio>
#include <exception>
#include <fcntl.h>
#include <string>
#include <unistd.h>
#include <vector>

namespace {

/// Descriptors 0 to 2 are open from here on, or a report or socket could become one of them.
void open_standard_descriptors() {
    int fd = 0;
    do fd = ::open("/dev/null", O_RDWR);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0) ::close(fd);
}

} // namespace

int main(int argc, char** argv) {
    open_standard_descriptors();
    // `kvduel run quick | head -1` must still write its report.
    std::signal(SIGPIPE, SIG_IGN);
    try {
        return kvduel::cli::run_kvduel(std::vector<std::string>(argv, argv + argc));
    } catch (const std::exception& fault) {
        std::fprintf(stderr, "kvduel: %s; this is a fault of kvduel itself, please report it\n",
                     fault.what());
        return 70;
    }
}
