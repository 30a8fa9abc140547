#include "servers/async/options.hpp"

#include <array>

namespace kvduel::servers::async {
namespace {

constexpr std::array<std::string_view, 2> kRuntimeNames{"per-core", "shared"};

} // namespace

std::string_view name(Runtime runtime) noexcept {
    return kRuntimeNames[static_cast<std::size_t>(runtime)];
}

std::vector<Flag> async_flags(AsyncOptions& o) {
    return {{"--runtime", "MODE", "per-core (a loop each thread) or shared (one for all) [per-core]",
             [&o](std::string_view flag, std::string_view text) -> Outcome {
                 auto runtime = parse_word(flag, text, kRuntimeNames);
                 if (!runtime) return runtime.error();
                 o.runtime = static_cast<Runtime>(*runtime);
                 return ok();
             }}};
}

} // namespace kvduel::servers::async
