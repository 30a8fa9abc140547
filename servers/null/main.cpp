#include "servers/common/flags.hpp"
#include "servers/common/process.hpp"
#include "servers/common/serve_and_tell.hpp"
#include "servers/null/floor.hpp"

#include <array>

int main(int argc, char** argv) {
    using namespace kvduel;
    using namespace kvduel::servers;
    constexpr std::string_view kProgram = "kvduel-null";

    prepare_process();
    raise_descriptor_limit();
    Address address;
    const std::array<Flag, 1> flags{
        {{"--listen", "HOST:PORT", "address to listen on; port 0 picks a free one [127.0.0.1:8080]",
          [&address](std::string_view, std::string_view text) -> Outcome {
              auto parsed = parse_address(text);
              if (!parsed) return parsed.error();
              address = std::move(*parsed);
              return ok();
          }}}};
    auto command =
        parse_command_line(argc, argv, kProgram, "The floor: a fixed answer from one epoll thread.", flags);
    if (!command) return report_failure(kProgram, command.error());
    if (*command == CommandLine::kAnswered) return 0;
    return serve_and_tell(kProgram, 1, [&] { return null::serve_floor(address); });
}
