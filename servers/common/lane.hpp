#pragma once

#include "core/http/response_head.hpp"
#include "core/support/clock.hpp"
#include "servers/common/metrics.hpp"

namespace kvduel::servers {

/// What one server thread has for itself: its share of the figures and its copy of the Date.
class Lane {
public:
    explicit Lane(MetricsShard& metrics) noexcept : metrics_(&metrics) {}

    MetricsShard& metrics() const noexcept { return *metrics_; }

    /// The text of Date, at most half a second old (the contract allows one). Reads the wall clock only when
    /// it is due.
    const http::DateText& date(TimePoint now) noexcept {
        if (now >= date_until_) renew(now);
        return date_;
    }

private:
    void renew(TimePoint now) noexcept;

    MetricsShard* metrics_;
    http::DateText date_{};
    TimePoint date_until_{};
};

} // namespace kvduel::servers
