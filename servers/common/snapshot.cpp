#include "servers/common/snapshot.hpp"

#include <sys/resource.h>

#include <cmath>

namespace kvduel::servers {
namespace {

template <typename Pick>
LatencySnapshot merge_latency(const Metrics& metrics, Pick&& pick) {
    LatencySnapshot merged;
    for (std::size_t at = 0; at < LatencyBuckets::kCount; ++at) {
        const std::uint64_t count =
            metrics.sum([&](const MetricsShard& shard) { return pick(shard).counts[at].get(); });
        if (count == 0) continue;
        if (merged.count == 0) merged.min_ns = LatencyBuckets::lower(at);
        merged.count += count;
        merged.buckets.emplace_back(LatencyBuckets::upper(at), count);
    }
    merged.sum_ns = metrics.sum([&](const MetricsShard& shard) { return pick(shard).sum_ns.get(); });
    return merged;
}

double seconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

} // namespace

std::uint64_t LatencySnapshot::quantile_ns(double q) const noexcept {
    const auto rank = static_cast<std::uint64_t>(std::ceil(q * static_cast<double>(count)));
    std::uint64_t seen = 0;
    for (const auto& [upper, in_bucket] : buckets) {
        seen += in_bucket;
        if (seen >= rank) return upper;
    }
    return 0;
}

Snapshot take_snapshot(const Service& service) {
    const Metrics& metrics = service.metrics;
    Snapshot now;
    now.uptime_s = std::chrono::duration<double>(Clock::now() - service.started).count();
    for (std::size_t status = 0; status < MetricsShard::kStatuses; ++status) {
        const std::uint64_t count =
            metrics.sum([&](const MetricsShard& s) { return s.by_status[status].get(); });
        if (count > 0) now.by_status[static_cast<int>(status)] = count;
        now.requests += count;
    }
    now.pages = metrics.sum([](const MetricsShard& s) { return s.pages.get(); });
    now.in_flight = service.admission.in_flight();
    for (std::size_t i = 0; i < kRejections; ++i) {
        now.rejected[i] = metrics.sum([&](const MetricsShard& s) { return s.rejected[i].get(); });
    }
    for (std::size_t i = 0; i < kDeadlines; ++i) {
        now.deadlines[i] = metrics.sum([&](const MetricsShard& s) { return s.deadlines[i].get(); });
    }
    now.handler_failures = metrics.sum([](const MetricsShard& s) { return s.handler_failures.get(); });
    now.connections_open = service.connections.open();
    now.connections_accepted = service.connections.accepted();
    now.model = service.gauges();
    now.store = service.store->usage();

    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    now.cpu_user_s = seconds(usage.ru_utime);
    now.cpu_system_s = seconds(usage.ru_stime);
    now.switches_voluntary = static_cast<std::uint64_t>(usage.ru_nvcsw);
    now.switches_involuntary = static_cast<std::uint64_t>(usage.ru_nivcsw);

    now.queue_wait =
        merge_latency(metrics, [](const MetricsShard& s) -> const LatencyBuckets& { return s.queue_wait; });
    now.handler =
        merge_latency(metrics, [](const MetricsShard& s) -> const LatencyBuckets& { return s.handler; });
    return now;
}

} // namespace kvduel::servers
