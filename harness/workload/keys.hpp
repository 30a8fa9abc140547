#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace kvduel::workload {

/// The text of key i is "key-" and i in 12 digits, so that every request has the same length and a template
/// needs only its digits patched.
inline constexpr std::size_t kKeyPrefixBytes = 4;
inline constexpr std::size_t kKeyDigits = 12;
inline constexpr std::size_t kKeyBytes = kKeyPrefixBytes + kKeyDigits;
using KeyText = std::array<char, kKeyBytes>;

/// A trial has at most this many keys: the generator keeps 32 bytes a key to know which answers are stale.
inline constexpr std::uint64_t kMaxKeys = 100'000'000;

/// Writes the 12 digits of `key` to `out`.
void write_key_digits(char* out, std::uint64_t key) noexcept;

KeyText key_text(std::uint64_t key) noexcept;

} // namespace kvduel::workload
