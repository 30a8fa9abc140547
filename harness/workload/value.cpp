#include "harness/workload/value.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

namespace kvduel::workload {

namespace {

constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::size_t kFillerBytes = 1 << 16; ///< the 16 hash bits that no letter carries choose an offset

constexpr std::uint8_t kNoLetter = 64;

constexpr auto kLetterValues = [] {
    std::array<std::uint8_t, 256> values{};
    values.fill(kNoLetter);
    for (std::size_t i = 0; i < kLetters.size(); ++i)
        values[static_cast<unsigned char>(kLetters[i])] = static_cast<std::uint8_t>(i);
    return values;
}();

const std::array<char, kFillerBytes>& filler() noexcept {
    static const auto table = [] {
        std::array<char, kFillerBytes> letters{};
        for (std::size_t i = 0; i < letters.size(); ++i) letters[i] = kLetters[mix64((i + 1) * kGolden) & 63];
        return letters;
    }();
    return table;
}

std::array<char, 8> letters_of(std::uint64_t bits48) noexcept {
    std::array<char, 8> letters;
    for (std::size_t i = 8; i-- > 0; bits48 >>= 6) letters[i] = kLetters[bits48 & 63];
    return letters;
}

/// The inverse of letters_of(); `letters` are 8.
std::optional<std::uint64_t> parse_letters(const char* letters) noexcept {
    std::uint64_t bits = 0;
    unsigned seen = 0; // all values or-ed: one branch for all letters
    for (std::size_t i = 0; i < 8; ++i) {
        const std::uint8_t value = kLetterValues[static_cast<unsigned char>(letters[i])];
        seen |= value;
        bits = bits << 6 | (value & 63);
    }
    if (seen >= kNoLetter) return std::nullopt;
    return bits;
}

/// Walks [from, from + size) of the endless repetition of the filler table in straight pieces.
template <typename Use>
bool each_piece(std::size_t from, std::size_t size, Use use) noexcept {
    for (std::size_t done = 0; done < size;) {
        const std::size_t at = (from + done) % kFillerBytes;
        const std::size_t piece = std::min(size - done, kFillerBytes - at);
        if (!use(done, filler().data() + at, piece)) return false;
        done += piece;
    }
    return true;
}

bool is_filler(std::string_view text, std::size_t from) noexcept {
    return each_piece(from, text.size(), [&](std::size_t done, const char* piece, std::size_t size) {
        return std::memcmp(text.data() + done, piece, size) == 0;
    });
}

} // namespace

ValueCodec::ValueCodec(Seed seed, std::size_t length) noexcept : seed_(seed.value()), length_(length) {
    filler(); // made here, not within the first measured request
}

std::uint64_t ValueCodec::hash(std::uint64_t key, std::uint64_t version) const noexcept {
    const std::uint64_t of_key = mix64(seed_ + (key + 1) * kGolden);
    return mix64(of_key ^ mix64((version << 16 ^ length_) + kGolden));
}

void ValueCodec::write(char* out, std::uint64_t key, std::uint64_t version) const noexcept {
    if (length_ < kVersionLetters) {
        std::memcpy(out, letters_of(hash(key, 0) >> 16).data(), length_);
        return;
    }
    const std::uint64_t hashed = hash(key, version);
    std::memcpy(out, letters_of(version).data(), kVersionLetters);
    out += kVersionLetters;
    std::size_t left = length_ - kVersionLetters;
    std::memcpy(out, letters_of(hashed >> 16).data(), std::min(left, kHashLetters));
    if (left <= kHashLetters) return;
    out += kHashLetters;
    left -= kHashLetters;
    each_piece(hashed & 0xffff, left, [&](std::size_t done, const char* piece, std::size_t size) {
        std::memcpy(out + done, piece, size);
        return true;
    });
}

ValueCheck ValueCodec::check(std::string_view value, std::uint64_t key, std::uint64_t floor,
                             bool whole) const noexcept {
    if (value.size() != length_) return ValueCheck::kWrong;
    if (length_ < kVersionLetters) {
        const bool equal = std::memcmp(value.data(), letters_of(hash(key, 0) >> 16).data(), length_) == 0;
        return equal ? ValueCheck::kGood : ValueCheck::kWrong;
    }
    const auto version = parse_letters(value.data());
    if (!version) return ValueCheck::kWrong;
    const std::uint64_t hashed = hash(key, *version);
    const std::size_t hash_letters = std::min(length_ - kVersionLetters, kHashLetters);
    const bool is_hash_right =
        hash_letters == kHashLetters
            ? parse_letters(value.data() + kVersionLetters) == hashed >> 16
            : std::memcmp(value.data() + kVersionLetters, letters_of(hashed >> 16).data(), hash_letters) == 0;
    if (!is_hash_right) return ValueCheck::kWrong;
    if (length_ > kVersionLetters + kHashLetters) {
        const std::string_view rest = value.substr(kVersionLetters + kHashLetters);
        const std::size_t offset = hashed & 0xffff;
        const std::size_t end = whole || length_ <= kWholeCheckBytes ? rest.size() : kWholeCheckBytes / 2;
        if (!is_filler(rest.substr(0, end), offset)) return ValueCheck::kWrong;
        if (end < rest.size()) {
            const std::size_t tail = std::max(end, rest.size() - kWholeCheckBytes / 2);
            if (!is_filler(rest.substr(tail), offset + tail)) return ValueCheck::kWrong;
        }
    }
    return *version < floor ? ValueCheck::kStale : ValueCheck::kGood;
}

} // namespace kvduel::workload
