#include "harness/load/progress.hpp"

namespace kvduel::load {

const Live& Progress::glance(TimePoint now, std::uint64_t succeeded, std::uint64_t p99_ns) {
    last_second_.push_back({now, succeeded});
    while (last_second_.size() > 2 && now - last_second_[1].at >= std::chrono::seconds(1))
        last_second_.pop_front();
    const Sample& oldest = last_second_.front();
    const double span = std::chrono::duration<double>(now - oldest.at).count();
    live_.throughput_rps = span > 0 ? static_cast<double>(succeeded - oldest.succeeded) / span : 0;
    live_.p99_us = static_cast<double>(p99_ns) / 1e3;
    live_.elapsed_s = seconds_since_start(now);
    return live_;
}

} // namespace kvduel::load
