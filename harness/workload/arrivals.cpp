#include "harness/workload/arrivals.hpp"

#include <cmath>

namespace kvduel::workload {

namespace {

constexpr std::uint64_t kMicro = 1'000'000;
constexpr std::uint64_t kNsTimesMicro = 1'000'000'000ULL * kMicro;
constexpr unsigned kFractionBits = 20;

} // namespace

Arrivals::Arrivals(double rate_per_s, ArrivalKind kind, Seed seed, std::uint64_t thread,
                   std::uint64_t threads) noexcept
    : kind_(kind), micro_rate_(static_cast<std::uint64_t>(std::llround(rate_per_s * kMicro))),
      mean_gap_(
          std::ldexp(static_cast<double>(kNsTimesMicro) / static_cast<double>(micro_rate_), kFractionBits)),
      seed_(seed), threads_(threads), index_(thread) {
    settle();
}

std::chrono::nanoseconds Arrivals::constant_due(std::uint64_t micro_rate, std::uint64_t index) noexcept {
    return std::chrono::nanoseconds(static_cast<std::int64_t>(Uint128{index} * kNsTimesMicro / micro_rate));
}

void Arrivals::advance() noexcept {
    index_ += threads_;
    settle();
}

void Arrivals::settle() noexcept {
    if (kind_ == ArrivalKind::kConstant) {
        due_ = constant_due(micro_rate_, index_);
        return;
    }
    take_gaps(index_ + 1 - gaps_);
    due_ = std::chrono::nanoseconds(static_cast<std::int64_t>(elapsed_ >> kFractionBits));
}

/// The inverse of the exponential distribution's function; u < 1, so the logarithm is finite: at most 36.8.
void Arrivals::take_gaps(std::uint64_t count) noexcept {
    for (; count > 0; --count)
        elapsed_ += static_cast<Uint128>(-std::log1p(-Draw(seed_, 0, gaps_++).unit()) * mean_gap_);
}

} // namespace kvduel::workload
