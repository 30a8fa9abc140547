#include "harness/gate/gate.hpp"

#include <array>

namespace kvduel::gate {

int exit_code(GateVerdict verdict) noexcept {
    return static_cast<int>(verdict); // in the order of the table of exit codes
}

std::string_view word_of(GateVerdict verdict) noexcept {
    constexpr std::array<std::string_view, 4> kWords{"pass", "regression", "inconclusive", "invalid"};
    return kWords[static_cast<std::size_t>(verdict)];
}

std::string_view word_of(RowWord word) noexcept {
    constexpr std::array<std::string_view, 4> kWords{"regression", "not worse", "open", "unjudged"};
    return kWords[static_cast<std::size_t>(word)];
}

} // namespace kvduel::gate
