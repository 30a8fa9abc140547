#pragma once

#include "servers/common/flags.hpp"
#include "servers/common/options.hpp"
#include "servers/common/process.hpp"
#include "servers/common/serve_and_tell.hpp"

#include <string_view>
#include <utility>
#include <vector>

namespace kvduel::servers {

/// main() of a server: reads the shared flags and the model's own, `more(options)`, into `options`, which
/// derives from Options, and hands over to `serve(options)`. Gives the exit code; an error is told once,
/// here.
template <typename ModelOptions, typename Serve>
int server_main(int argc, char** argv, std::string_view program, std::string_view purpose,
                std::vector<Flag> (*more)(ModelOptions&), Serve&& serve) {
    prepare_process();
    use_batch_scheduling();
    ModelOptions options;
    std::vector<Flag> flags = common_flags(options);
    for (Flag& flag : more(options)) flags.push_back(std::move(flag));
    auto command = parse_command_line(argc, argv, program, purpose, flags);
    if (!command) return report_failure(program, command.error());
    if (*command == CommandLine::kAnswered) return 0;
    complete(options);
    return serve_and_tell(program, options.threads, [&] { return serve(options); });
}

} // namespace kvduel::servers
