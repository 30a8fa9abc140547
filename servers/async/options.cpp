#include "servers/async/options.hpp"

#include <array>

namespace kvduel::servers::async {
namespace {

constexpr std::array<std::string_view, 2> kRuntimeNames{"per-core", "shared"};

Outcome set_runtime(void* options, std::string_view flag, std::string_view text) {
    auto runtime = parse_word(flag, text, kRuntimeNames);
    if (!runtime) return runtime.error();
    static_cast<AsyncOptions&>(*static_cast<Options*>(options)).runtime = static_cast<Runtime>(*runtime);
    return ok();
}

} // namespace

std::string_view name(Runtime runtime) noexcept {
    return kRuntimeNames[static_cast<std::size_t>(runtime)];
}

std::vector<Flag> async_flags() {
    return {{"--runtime", "MODE", "per-core (a loop each thread) or shared (one for all) [per-core]",
             set_runtime}};
}

} // namespace kvduel::servers::async
