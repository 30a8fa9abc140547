#include "harness/stats/t_interval.hpp"

#include "harness/stats/student_t.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace kvduel::stats {

Moments moments_of(std::span<const double> values, double sd_floor) {
    Moments moments;
    moments.n = static_cast<double>(values.size());
    moments.mean = std::accumulate(values.begin(), values.end(), 0.0) / moments.n;
    double squares = 0;
    for (const double value : values) squares += (value - moments.mean) * (value - moments.mean);
    moments.sd = std::max(std::sqrt(squares / (moments.n - 1)), sd_floor);
    return moments;
}

Interval t_interval(const Moments& moments, double confidence) {
    const double half =
        student_t_quantile(0.5 + confidence / 2, moments.n - 1) * moments.sd / std::sqrt(moments.n);
    return {moments.mean - half, moments.mean + half};
}

double t_test(const Moments& moments) {
    return student_t_two_sided(moments.mean * std::sqrt(moments.n) / moments.sd, moments.n - 1);
}

double t_test(const Moments& a, const Moments& b) {
    const double freedom = a.n + b.n - 2;
    const double variance = ((a.n - 1) * a.sd * a.sd + (b.n - 1) * b.sd * b.sd) / freedom;
    return student_t_two_sided((a.mean - b.mean) / std::sqrt(variance * (1 / a.n + 1 / b.n)), freedom);
}

} // namespace kvduel::stats
