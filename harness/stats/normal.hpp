#pragma once

namespace kvduel::stats {

/// The standard normal distribution, to about 1e-14. Pure.
double normal_cdf(double x) noexcept;

/// The x below which a share `p` lies, 0 < p < 1.
double normal_quantile(double p) noexcept;

} // namespace kvduel::stats
