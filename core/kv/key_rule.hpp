#pragma once

#include "core/http/character.hpp"

#include <string_view>

namespace kvduel::kv {

/// A key is opaque but for control bytes, which it may not hold (contract, section 1, rule 1). Its length is
/// judged apart, because the two faults have different answers.
inline bool has_control_byte(std::string_view key) noexcept {
    const char* const last = key.data() + key.size();
    return http::find_control(key.data(), last) != last;
}

} // namespace kvduel::kv
