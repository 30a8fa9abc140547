#pragma once

#include "servers/common/flags.hpp"
#include "servers/common/options.hpp"
#include "servers/common/process.hpp"

#include <new>
#include <string_view>
#include <system_error>
#include <vector>

namespace kvduel::servers {

/// main() of a server: reads the shared flags and the model's own `more` into `options`, which derives from
/// Options, and hands over to `serve(options)`. Gives the exit code; an error is told once, here.
template <typename ModelOptions, typename Serve>
int server_main(int argc, char** argv, std::string_view program, std::string_view purpose,
                std::vector<Flag> more, Serve&& serve) {
    prepare_process();
    use_batch_scheduling();
    ModelOptions options;
    std::vector<Flag> flags = common_flags();
    for (Flag& flag : more) flags.push_back(std::move(flag));
    // The rows take Options*: the pointer must be the base's, which a derived pointer may not equal.
    Options* const base = &options;
    auto command = parse_command_line(argc, argv, program, purpose, flags, base);
    if (!command) return report_failure(program, command.error());
    if (*command == CommandLine::kAnswered) return 0;
    complete(options);
    try {
        if (Outcome served = serve(options); !served) return report_failure(program, served.error());
    } catch (const std::system_error& error) { // of needed_fd()
        return report_failure(program,
                              {ErrorKind::kUnavailable, "descriptors", error.what(), "run: ulimit -n 1024"});
    } catch (const std::bad_alloc&) {
        return report_failure(program, {ErrorKind::kUnavailable, "memory", "there is not enough to start",
                                        "free some, or lower --threads and --max-memory-bytes"});
    }
    return 0;
}

} // namespace kvduel::servers
