#pragma once

#include <cstdint>
#include <string_view>

namespace kvduel::workload {

/// A bijection of 64 bits that spreads every input bit over the output (splitmix64's finaliser, Steele, Lea,
/// Flood 2014).
constexpr std::uint64_t mix64(std::uint64_t z) noexcept {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

/// The golden ratio in 64 bits: splitmix64's step, odd, so that multiples of it never meet.
inline constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15ULL;

/// A uniform double in [0, 1), from the upper 53 bits.
constexpr double to_unit(std::uint64_t bits) noexcept {
    return static_cast<double>(bits >> 11) * 0x1.0p-53;
}

/// The root of everything random in a trial. split() gives independent seeds by name, so that a new consumer
/// never shifts the numbers of an old one.
class Seed {
public:
    constexpr explicit Seed(std::uint64_t value) noexcept : value_(value) {}
    constexpr std::uint64_t value() const noexcept { return value_; }

    constexpr Seed split(std::string_view name) const noexcept {
        std::uint64_t hash = mix64(value_ + kGolden);
        for (const char c : name) hash = mix64((hash ^ static_cast<unsigned char>(c)) + kGolden);
        return Seed(hash);
    }

private:
    std::uint64_t value_;
};

/// The random numbers of one request: splitmix64 that starts at mix(seed, stream, index), so that any request
/// can be recomputed alone.
class Draw {
public:
    constexpr Draw(Seed seed, std::uint64_t stream, std::uint64_t index) noexcept
        : state_(mix64(mix64(seed.value() + stream * kGolden) + (index + 1) * kGolden)) {}

    constexpr std::uint64_t bits() noexcept { return mix64(state_ += kGolden); }
    constexpr double unit() noexcept { return to_unit(bits()); }

private:
    std::uint64_t state_;
};

} // namespace kvduel::workload
