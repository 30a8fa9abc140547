#include "servers/threads/options.hpp"

#include <array>

namespace kvduel::servers::threads {
namespace {

constexpr std::array<std::string_view, 2> kDispatchNames{"channel", "connection"};

} // namespace

std::string_view name(Dispatch dispatch) noexcept {
    return kDispatchNames[static_cast<std::size_t>(dispatch)];
}

std::vector<Flag> threads_flags(ThreadsOptions& o) {
    return {
        {"--dispatch", "MODE", "channel (a fixed pool) or connection (a thread each) [channel]",
         [&o](std::string_view flag, std::string_view text) -> Outcome {
             auto dispatch = parse_word(flag, text, kDispatchNames);
             if (!dispatch) return dispatch.error();
             o.dispatch = static_cast<Dispatch>(*dispatch);
             return ok();
         }},
        number_flag("--queue-depth", "N", "jobs in the channel; further requests get 503 [--max-in-flight]",
                    1, 1'000'000, o.queue_depth),
        number_flag("--stay-budget", "N", "further receives before a worker lets a connection go [0]", 0,
                    1'000, o.stay_budget),
    };
}

} // namespace kvduel::servers::threads
