#include "servers/threads/options.hpp"

#include <array>

namespace kvduel::servers::threads {
namespace {

constexpr std::array<std::string_view, 2> kDispatchNames{"channel", "connection"};

ThreadsOptions& as_options(void* options) {
    return static_cast<ThreadsOptions&>(*static_cast<Options*>(options));
}

Outcome set_dispatch(void* options, std::string_view flag, std::string_view text) {
    auto dispatch = parse_word(flag, text, kDispatchNames);
    if (!dispatch) return dispatch.error();
    as_options(options).dispatch = static_cast<Dispatch>(*dispatch);
    return ok();
}

Outcome set_queue_depth(void* options, std::string_view flag, std::string_view text) {
    auto depth = parse_number(flag, text, 1, 1'000'000);
    if (!depth) return depth.error();
    as_options(options).queue_depth = static_cast<std::uint32_t>(*depth);
    return ok();
}

Outcome set_stay_budget(void* options, std::string_view flag, std::string_view text) {
    auto budget = parse_number(flag, text, 0, 1'000);
    if (!budget) return budget.error();
    as_options(options).stay_budget = static_cast<std::uint32_t>(*budget);
    return ok();
}

} // namespace

std::string_view name(Dispatch dispatch) noexcept {
    return kDispatchNames[static_cast<std::size_t>(dispatch)];
}

std::vector<Flag> threads_flags() {
    return {
        {"--dispatch", "MODE", "channel (a fixed pool) or connection (a thread each) [channel]",
         set_dispatch},
        {"--queue-depth", "N", "jobs in the channel; further requests get 503 [--max-in-flight]",
         set_queue_depth},
        {"--stay-budget", "N", "further receives before a worker lets a connection go [0]", set_stay_budget},
    };
}

} // namespace kvduel::servers::threads
