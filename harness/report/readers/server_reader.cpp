#include "harness/report/readers/server_reader.hpp"

#include "harness/report/json/fields.hpp"
#include "harness/report/json/read_archive.hpp"
#include "harness/report/json/strict_json.hpp"

#include <limits>

namespace kvduel::report {
namespace {

using experiment::Announcement;
using experiment::ServerHistogram;
using experiment::ServerStats;

constexpr JsonLimits kLineLimits{.max_bytes = 4'096, .max_depth = 8};
constexpr JsonLimits kStatsLimits{.max_bytes = std::size_t{1} << 20, .max_depth = 16};
constexpr std::uint64_t kLargestPid = std::numeric_limits<int>::max();

Error unavailable(Error error) {
    error.kind = ErrorKind::kUnavailable;
    return error;
}

void read_histogram(Fields& page, std::string_view key, std::optional<ServerHistogram>& out) {
    const Json* tree = page.find_object(key, Need::kOptional);
    if (tree == nullptr) return;
    Fields times(*tree, page.at(key), page.faults());
    const Json* buckets = times.find_array("buckets", Need::kOptional);
    if (buckets == nullptr) return;
    ServerHistogram histogram;
    for (const Json& bucket : *buckets) {
        const bool is_pair = bucket.is_array() && bucket.size() == 2 && bucket[0].is_number_unsigned() &&
                             bucket[1].is_number_unsigned() &&
                             bucket[1].get<std::uint64_t>() <= kLargestExact;
        const std::uint64_t upper = is_pair ? bucket[0].get<std::uint64_t>() : 0;
        if (!is_pair || (!histogram.buckets.empty() && upper <= histogram.buckets.back().upper_ns))
            return times.fault("buckets", "allowed: pairs of upper bound in ns and count, rising");
        histogram.buckets.push_back({upper, bucket[1].get<std::uint64_t>()});
        histogram.count += histogram.buckets.back().count;
    }
    std::uint64_t sum_ns = 0;
    if (times.read("sum_ns", Need::kOptional, sum_ns)) histogram.sum_ns = sum_ns;
    out = std::move(histogram);
}

template <typename T>
void read_optional(Fields& fields, std::string_view key, std::optional<T>& out, Range<T> range) {
    T value{};
    if (fields.read(key, Need::kOptional, value, range)) out = value;
}

void read_process(Fields& page, ServerStats& stats) {
    const Json* tree = page.find_object("process", Need::kOptional);
    if (tree == nullptr) return;
    Fields process(*tree, page.at("process"), page.faults());
    constexpr Range<double> kSeconds{0, 1e12};
    constexpr Range<std::uint64_t> kSwitches{0, kLargestExact};
    read_optional(process, "cpu_user_s", stats.cpu_user_s, kSeconds);
    read_optional(process, "cpu_system_s", stats.cpu_system_s, kSeconds);
    read_optional(process, "context_switches_voluntary", stats.context_switches_voluntary, kSwitches);
    read_optional(process, "context_switches_involuntary", stats.context_switches_involuntary, kSwitches);
}

} // namespace

Result<Announcement> read_announcement(std::string_view line) {
    const Result<Json> tree = parse_json(line, "announcement", kLineLimits);
    if (!tree) return unavailable(tree.error());
    Faults faults;
    Fields fields(*tree, {"announcement", ""}, faults);
    std::string event;
    if (fields.read("event", Need::kRequired, event) && event != "listening")
        fields.fault("event", "allowed: \"listening\"");
    Announcement announcement;
    if (fields.read("host", Need::kRequired, announcement.host) && announcement.host.empty())
        fields.fault("host", "is empty");
    std::uint64_t port = 0;
    if (fields.read("port", Need::kRequired, port, {1, 65535}))
        announcement.port = static_cast<std::uint16_t>(port);
    std::uint64_t pid = 0;
    if (fields.read("pid", Need::kOptional, pid, {1, kLargestPid})) announcement.pid = static_cast<int>(pid);
    if (faults.first()) return unavailable(*faults.first());
    return announcement;
}

Result<ServerStats> read_server_stats(std::string_view body) {
    const Result<Json> tree = parse_json(body, "/-/stats", kStatsLimits);
    if (!tree) return unavailable(tree.error());
    Faults faults;
    Fields page(*tree, {"/-/stats", ""}, faults);
    ServerStats stats;
    if (const Json* requests = page.find_object("requests", Need::kRequired)) {
        Fields fields(*requests, page.at("requests"), faults);
        fields.read("total", Need::kRequired, stats.requests_total);
        if (fields.find_object("by_status", Need::kOptional) != nullptr)
            ReadArchive(*requests, page.at("requests"), faults).status_counts("by_status", stats.by_status);
    }
    std::uint64_t pid = 0;
    if (page.read("pid", Need::kOptional, pid, {1, kLargestPid})) stats.pid = static_cast<int>(pid);
    read_process(page, stats);
    read_histogram(page, "queue_wait_us", stats.queue_wait);
    read_histogram(page, "handler_us", stats.handler);
    if (faults.first()) return unavailable(*faults.first());
    return stats;
}

experiment::JsonReaders json_readers() {
    return {read_announcement, read_server_stats};
}

} // namespace kvduel::report
