#include "harness/workload/keys.hpp"

namespace kvduel::workload {

void write_key_digits(char* out, std::uint64_t key) noexcept {
    for (std::size_t i = kKeyDigits; i-- > 0; key /= 10) out[i] = static_cast<char>('0' + key % 10);
}

KeyText key_text(std::uint64_t key) noexcept {
    KeyText text{'k', 'e', 'y', '-'};
    write_key_digits(text.data() + kKeyPrefixBytes, key);
    return text;
}

} // namespace kvduel::workload
