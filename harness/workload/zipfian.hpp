#pragma once

#include "harness/workload/random.hpp"

#include <cstdint>

namespace kvduel::workload {

/// Ranks 1..n with P(k) proportional to k^-theta, for any theta > 0: exact, in constant time and memory.
/// Rejection-inversion: W. Hoermann, G. Derflinger 1996, "Rejection-inversion to generate variates from
/// monotone discrete distributions". Immutable; any thread may sample.
class Zipfian {
public:
    Zipfian(std::uint64_t n, double theta) noexcept;

    /// Draws 1.0 to 1.2 numbers on average.
    std::uint64_t sample(Draw& draw) const noexcept;

private:
    double h(double x) const noexcept;                ///< x^-theta
    double integral(double x) const noexcept;         ///< H, the antiderivative of h with H(1) = 0
    double inverse_integral(double y) const noexcept; ///< the x with H(x) = y

    double n_;
    double theta_;
    double integral_first_; ///< H(3/2) - h(1)
    double integral_last_;  ///< H(n + 1/2)
    double squeeze_;        ///< below this distance from the rank, acceptance needs no further test
};

} // namespace kvduel::workload
