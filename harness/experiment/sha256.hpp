#pragma once

#include "core/support/error.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace kvduel::experiment {

/// SHA-256 (FIPS 180-4) of bytes that come in pieces. Names a binary in the report; nothing secret depends on
/// it.
class Sha256 {
public:
    void update(std::span<const unsigned char> bytes);

    /// Ends the message: 64 hex digits. Call once.
    std::string hex_digest();

private:
    static constexpr std::size_t kBlockBytes = 64;

    void compress(const unsigned char* block);

    std::array<std::uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    std::array<unsigned char, kBlockBytes> block_{};
    std::size_t filled_ = 0;
    std::uint64_t length_ = 0; ///< bytes so far
};

/// The digest of a file's bytes; kUnavailable if it cannot be read.
Result<std::string> sha256_of_file(const std::string& path);

} // namespace kvduel::experiment
