#pragma once

namespace kvduel::stats {

/// Student's t distribution with `freedom` > 0 degrees of freedom, to about 1e-12. Pure, as all below.
/// Source: DLMF 8.17.5 and 8.17.22 (the incomplete beta function as a continued fraction), Lentz's method.
double student_t_cdf(double t, double freedom) noexcept;

/// The chance of a value at least as far from 0 as `t`, either way.
double student_t_two_sided(double t, double freedom) noexcept;

/// The t below which a share `p` lies, 0 < p < 1.
double student_t_quantile(double p, double freedom) noexcept;

} // namespace kvduel::stats
