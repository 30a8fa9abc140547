#pragma once

#include "harness/workload/random.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace kvduel::workload {

enum class ValueCheck : std::uint8_t {
    kGood,
    kWrong, ///< torn, cut, swapped, or not a value of ours
    kStale, ///< once right, but older than a write that was answered before the read was sent
};

/// Makes the value of a key's version and recognises it again:
///
///   version (8 letters) | hash of seed, key, version, length (8 letters) | filler at an offset the hash
///   gives
///
/// All base64url letters, so that text servers hold it. A value of 8 to 15 bytes is cut in its hash; a
/// shorter one has only letters of the key's hash, the same for every version. One hash and one memcmp a
/// check. Immutable; any thread may use it.
class ValueCodec {
public:
    static constexpr std::size_t kVersionLetters = 8;
    static constexpr std::size_t kHashLetters = 8;
    static constexpr std::uint64_t kMaxVersion = (std::uint64_t{1} << 48) - 1;
    /// Above this size a check compares both ends, and the whole of it only when asked.
    static constexpr std::size_t kWholeCheckBytes = 16'384;

    ValueCodec(Seed seed, std::size_t length) noexcept;

    std::size_t length() const noexcept { return length_; }

    /// Writes length() bytes.
    void write(char* out, std::uint64_t key, std::uint64_t version) const noexcept;

    /// Is `value` what write() gives for `key` and some version >= `floor`?
    ValueCheck check(std::string_view value, std::uint64_t key, std::uint64_t floor,
                     bool whole) const noexcept;

private:
    std::uint64_t hash(std::uint64_t key, std::uint64_t version) const noexcept;

    std::uint64_t seed_;
    std::size_t length_;
};

} // namespace kvduel::workload
