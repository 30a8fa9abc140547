#include "harness/workload/keys.hpp"

#include <cstring>

namespace kvduel::workload {

namespace {

constexpr auto kDigitPairs = [] {
    std::array<std::array<char, 2>, 100> pairs{};
    for (std::size_t i = 0; i < pairs.size(); ++i)
        pairs[i] = {static_cast<char>('0' + i / 10), static_cast<char>('0' + i % 10)};
    return pairs;
}();

} // namespace

void write_key_digits(char* out, std::uint64_t key) noexcept {
    // A pair of digits a step, from the last on: a division by a constant is the dear part.
    for (std::size_t i = kKeyDigits; i > 0; i -= 2, key /= 100)
        std::memcpy(out + i - 2, kDigitPairs[key % 100].data(), 2);
}

KeyText key_text(std::uint64_t key) noexcept {
    KeyText text{'k', 'e', 'y', '-'};
    write_key_digits(text.data() + kKeyPrefixBytes, key);
    return text;
}

} // namespace kvduel::workload
