#include "harness/workload/scramble.hpp"

#include <bit>

namespace kvduel::workload {

Scramble::Scramble(std::uint64_t n, Seed seed) noexcept : n_(n), seed_(seed.value()) {
    const auto bits = static_cast<unsigned>(std::bit_width(n - 1));
    low_bits_ = bits / 2;
    low_mask_ = (std::uint64_t{1} << low_bits_) - 1;
    high_mask_ = (std::uint64_t{1} << (bits - low_bits_)) - 1;
}

std::uint64_t Scramble::operator()(std::uint64_t value) const noexcept {
    do {
        std::uint64_t low = value & low_mask_;
        std::uint64_t high = value >> low_bits_;
        for (std::uint64_t round = 0; round < kRounds; round += 2) {
            high ^= mix64(seed_ + round * kGolden + low) & high_mask_;
            low ^= mix64(seed_ + (round + 1) * kGolden + high) & low_mask_;
        }
        value = high << low_bits_ | low;
    } while (value >= n_);
    return value;
}

} // namespace kvduel::workload
