#include "harness/load/check_plan.hpp"

#include "harness/load/source_addresses.hpp"
#include "harness/workload/keys.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <fstream>
#include <numeric>
#include <optional>
#include <string>

namespace kvduel::load {

namespace {

constexpr std::uint64_t kSpareDescriptors = 64; ///< for everything that is not a connection

Error usage(std::string flag, std::string what, std::string hint = {}) {
    return {ErrorKind::kUsage, std::move(flag), std::move(what), std::move(hint)};
}

std::string out_of_range(std::uint64_t value, std::uint64_t low, std::uint64_t high) {
    return std::to_string(value) + " is out of range; allowed: " + std::to_string(low) + " to " +
           std::to_string(high);
}

bool is_path(const std::string& path) {
    return path.starts_with('/') && std::ranges::all_of(path, [](char c) { return c > ' ' && c < 0x7f; });
}

Outcome check_workload(const Plan& plan) {
    const workload::Workload& work = plan.workload;
    if (work.path) {
        if (is_path(*work.path)) return ok();
        return usage("--path " + *work.path, "not a path; it begins with / and has no space or control byte",
                     "escape other bytes as %XX");
    }
    if (work.keys < 1 || work.keys > workload::kMaxKeys)
        return usage("--keys", out_of_range(work.keys, 1, workload::kMaxKeys));
    if (work.value_bytes > kMaxValueBytes)
        return usage("--value-bytes", out_of_range(work.value_bytes, 0, kMaxValueBytes));
    const workload::Mix& mix = work.mix;
    if (!(mix.get >= 0) || !(mix.post >= 0) || !(std::abs(mix.get + mix.post - 1) < 1e-9))
        return usage("--mix", "the shares of get and post are not negative and sum to 1");
    const bool is_zipfian = work.key_distribution.kind == workload::KeyDistribution::Kind::kZipfian;
    const double theta = work.key_distribution.theta;
    if (is_zipfian && !(theta >= 0.01 && theta <= 20))
        return usage("--key-distribution", "theta is out of range; allowed: 0.01 to 20");
    if (mix.post > 0 && work.keys < plan.threads)
        return usage("--keys", "fewer keys than threads: each thread writes keys of its own",
                     "lower --threads to " + std::to_string(work.keys));
    return ok();
}

Outcome check_background(const Plan& plan) {
    if (plan.background.size() > kMaxBackgrounds)
        return usage("--background", out_of_range(plan.background.size(), 0, kMaxBackgrounds));
    for (const Background& one : plan.background)
        if (one.connections < 1 || one.connections > kMaxConnections)
            return usage("--background " + std::string(word_of(one.kind)),
                         out_of_range(one.connections, 1, kMaxConnections));
    return ok();
}

/// ip(7), ip_local_port_range; none if it cannot be read.
std::optional<unsigned> local_ports() {
    std::ifstream range("/proc/sys/net/ipv4/ip_local_port_range");
    unsigned low = 0;
    unsigned high = 0;
    if (!(range >> low >> high) || high < low) return std::nullopt;
    return high - low + 1;
}

} // namespace

unsigned all_connections(const Plan& plan) noexcept {
    return std::accumulate(plan.background.begin(), plan.background.end(), plan.connections,
                           [](unsigned sum, const Background& one) { return sum + one.connections; });
}

Outcome check_ports(const Plan& plan, const Address& address) {
    const SourceAddresses sources(address, 0);
    const std::optional<unsigned> ports = local_ports();
    const unsigned of_one_source = sources.can_spread() ? plan.connections : all_connections(plan);
    if (!ports || of_one_source <= *ports) return ok();
    return usage("",
                 std::to_string(of_one_source) + " connections need more local ports than the " +
                     std::to_string(*ports) + " of ip_local_port_range",
                 "use fewer, or sysctl -w net.ipv4.ip_local_port_range='1024 65535'");
}

Outcome check_plan(const Plan& plan) {
    if (plan.rate_per_s &&
        !(*plan.rate_per_s >= workload::kLeastRate && *plan.rate_per_s <= workload::kMostRate))
        return usage("--rate", "out of range; allowed: 0.001 to 10000000 requests per second");
    if (plan.connections < 1 || plan.connections > kMaxConnections)
        return usage("--connections", out_of_range(plan.connections, 1, kMaxConnections));
    if (plan.threads < 1 || plan.threads > kMaxThreads)
        return usage("--threads", out_of_range(plan.threads, 1, kMaxThreads));
    if (plan.threads > plan.connections)
        return usage("--threads", std::to_string(plan.threads) + " threads for " +
                                      std::to_string(plan.connections) + " connections; at most one each");
    if (plan.pipeline < 1 || std::uint64_t{plan.pipeline} * plan.connections > kMaxInFlight)
        return usage("--pipeline", out_of_range(plan.pipeline, 1, kMaxInFlight / plan.connections));
    if (plan.duration <= Duration::zero()) return usage("--duration", "the window must last longer than 0 s");
    if (plan.warm_up < Duration::zero()) return usage("--warmup", "it cannot be negative");
    if (plan.timeout <= Duration::zero()) return usage("--timeout-ms", "it must be at least 1");
    if (plan.expect_status != 0 && (plan.expect_status < kLeastStatus || plan.expect_status > kMostStatus))
        return usage("--expect-status",
                     out_of_range(static_cast<std::uint64_t>(std::max(plan.expect_status, 0)), kLeastStatus,
                                  kMostStatus));
    if (plan.seat != nullptr && (plan.threads > 1 || !plan.background.empty()))
        return usage("slice_s", "slices are for one load thread and no background",
                     "leave slice_s out, or set threads to 1 and background to []");
    if (Outcome checked = check_background(plan); !checked) return checked;
    return check_workload(plan);
}

Outcome ensure_descriptors(unsigned connections) {
    const rlim_t needed = connections + kSpareDescriptors;
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= needed) return ok();
    if (limit.rlim_max < needed)
        return usage("",
                     std::to_string(connections) + " connections need " + std::to_string(needed) +
                         " descriptors, " + std::to_string(limit.rlim_max) + " allowed",
                     "run: ulimit -n " + std::to_string(std::bit_ceil(needed)));
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    return ok();
}

} // namespace kvduel::load
