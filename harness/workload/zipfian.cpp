#include "harness/workload/zipfian.hpp"

#include <algorithm>
#include <cmath>

namespace kvduel::workload {

namespace {

/// (e^x - 1) / x and its limit at 0; the paper's formulas divide by 1 - theta, which these keep finite.
double expm1_over(double x) noexcept {
    return std::abs(x) > 1e-8 ? std::expm1(x) / x : 1 + x / 2;
}

/// log(1 + x) / x and its limit at 0.
double log1p_over(double x) noexcept {
    return std::abs(x) > 1e-8 ? std::log1p(x) / x : 1 - x / 2;
}

} // namespace

Zipfian::Zipfian(std::uint64_t n, double theta) noexcept : n_(static_cast<double>(n)), theta_(theta) {
    integral_first_ = integral(1.5) - 1.0;
    integral_last_ = integral(n_ + 0.5);
    squeeze_ = 2.0 - inverse_integral(integral(2.5) - h(2.0));
}

double Zipfian::h(double x) const noexcept {
    return std::exp(-theta_ * std::log(x));
}

double Zipfian::integral(double x) const noexcept {
    const double log_x = std::log(x);
    return expm1_over((1.0 - theta_) * log_x) * log_x;
}

double Zipfian::inverse_integral(double y) const noexcept {
    const double t = std::max(-1.0, y * (1.0 - theta_)); // rounding may step below the pole
    return std::exp(log1p_over(t) * y);
}

std::uint64_t Zipfian::sample(Draw& draw) const noexcept {
    while (true) {
        const double u = integral_last_ + draw.unit() * (integral_first_ - integral_last_);
        const double x = inverse_integral(u);
        const double rank = std::clamp(std::floor(x + 0.5), 1.0, n_);
        if (rank - x <= squeeze_ || u >= integral(rank + 0.5) - h(rank))
            return static_cast<std::uint64_t>(rank);
    }
}

} // namespace kvduel::workload
