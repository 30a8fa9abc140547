#include "servers/common/pages.hpp"

#include "servers/common/snapshot.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <array>
#include <iterator>
#include <string>

namespace kvduel::servers {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, kRejections> kRejectionNames{"in_flight",   "queue",  "connections",
                                                                    "body_budget", "memory", "thread"};
constexpr std::array<std::string_view, kDeadlines> kDeadlineNames{"header", "body", "idle", "write"};

template <std::size_t N>
Json named(const std::array<std::string_view, N>& names, const std::array<std::uint64_t, N>& counts) {
    Json object = Json::object();
    for (std::size_t i = 0; i < N; ++i) object[std::string(names[i])] = counts[i];
    return object;
}

Json latency_json(const LatencySnapshot& latency) {
    const auto us = [](std::uint64_t ns) { return static_cast<double>(ns) / 1e3; };
    return {{"count", latency.count},
            {"min", us(latency.min_ns)},
            {"mean", latency.mean_ns() / 1e3},
            {"p50", us(latency.quantile_ns(0.5))},
            {"p90", us(latency.quantile_ns(0.9))},
            {"p99", us(latency.quantile_ns(0.99))},
            {"max", us(latency.quantile_ns(1))},
            {"buckets", latency.buckets}};
}

std::string stats_text(const Service& service, const Snapshot& now) {
    Json statuses = Json::object();
    for (const auto& [status, count] : now.by_status) statuses[std::to_string(status)] = count;
    const Json page = {
        {"server", service.program},
        {"mode", service.mode},
        {"pid", ::getpid()},
        {"threads", service.options.threads},
        {"uptime_s", now.uptime_s},
        {"requests",
         {{"total", now.requests},
          {"pages", now.pages},
          {"in_flight", now.in_flight},
          {"handler_failures", now.handler_failures},
          {"by_status", statuses}}},
        {"rejected", named(kRejectionNames, now.rejected)},
        {"deadlines", named(kDeadlineNames, now.deadlines)},
        {"connections",
         {{"open", now.connections_open},
          {"accepted", now.connections_accepted},
          {"limit", service.connections.limit()},
          {"per_loop", now.model.connections_per_loop}}},
        {"queue", {{"depth", now.model.queue_depth}, {"capacity", now.model.queue_capacity}}},
        {"store",
         {{"kind", service.options.store->name},
          {"keys", now.store.keys},
          {"bytes", now.store.bytes},
          {"limit_bytes", now.store.limit_bytes}}},
        {"process",
         {{"cpu_user_s", now.cpu_user_s},
          {"cpu_system_s", now.cpu_system_s},
          {"context_switches_voluntary", now.switches_voluntary},
          {"context_switches_involuntary", now.switches_involuntary}}},
        {"queue_wait_us", latency_json(now.queue_wait)},
        {"handler_us", latency_json(now.handler)},
    };
    return page.dump() + "\n";
}

/// Prometheus text format 0.0.4, its HELP and TYPE lines included.
class MetricsText {
public:
    void family(std::string_view name, std::string_view type, std::string_view help) {
        fmt::format_to(std::back_inserter(text_), "# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
    }
    template <typename Number>
    void sample(std::string_view name, std::string_view labels, Number value) {
        fmt::format_to(std::back_inserter(text_), "{}{} {}\n", name, labels, value);
    }
    template <typename Number>
    void single(std::string_view name, std::string_view type, std::string_view help, Number value) {
        family(name, type, help);
        sample(name, "", value);
    }
    template <std::size_t N>
    void labelled(std::string_view name, std::string_view help, std::string_view label,
                  const std::array<std::string_view, N>& names, const std::array<std::uint64_t, N>& counts) {
        family(name, "counter", help);
        for (std::size_t i = 0; i < N; ++i)
            sample(name, fmt::format("{{{}=\"{}\"}}", label, names[i]), counts[i]);
    }
    void latency(std::string_view name, std::string_view help, const LatencySnapshot& latency) {
        family(name, "histogram", help);
        std::uint64_t cumulative = 0;
        for (const auto& [upper, count] : latency.buckets) {
            cumulative += count;
            sample(fmt::format("{}_bucket", name),
                   fmt::format("{{le=\"{}\"}}", static_cast<double>(upper) / 1e9), cumulative);
        }
        sample(fmt::format("{}_bucket", name), "{le=\"+Inf\"}", latency.count);
        sample(fmt::format("{}_sum", name), "", static_cast<double>(latency.sum_ns) / 1e9);
        sample(fmt::format("{}_count", name), "", latency.count);
    }
    std::string take() { return std::move(text_); }

private:
    std::string text_;
};

std::string metrics_text(const Snapshot& now) {
    MetricsText text;
    text.family("kvduel_requests_total", "counter", "Answers to requests, the pages under /-/ apart.");
    for (const auto& [status, count] : now.by_status) {
        text.sample("kvduel_requests_total", fmt::format("{{status=\"{}\"}}", status), count);
    }
    text.single("kvduel_pages_total", "counter", "Answers of the pages under /-/.", now.pages);
    text.single("kvduel_in_flight", "gauge", "Requests admitted and unanswered.", now.in_flight);
    text.labelled("kvduel_rejected_total", "Requests and connections turned away.", "reason", kRejectionNames,
                  now.rejected);
    text.labelled("kvduel_deadlines_total", "Connections ended by a deadline.", "deadline", kDeadlineNames,
                  now.deadlines);
    text.single("kvduel_handler_failures_total", "counter", "Handlers that ended in a 503.",
                now.handler_failures);
    text.single("kvduel_connections", "gauge", "Open connections.", now.connections_open);
    text.single("kvduel_connections_total", "counter", "Connections accepted.", now.connections_accepted);
    text.single("kvduel_queue_depth", "gauge", "Jobs in the channel.", now.model.queue_depth);
    text.single("kvduel_store_keys", "gauge", "Keys stored.", now.store.keys);
    text.single("kvduel_store_bytes", "gauge", "Bytes that the store counts against its limit.",
                now.store.bytes);
    text.family("kvduel_cpu_seconds_total", "counter", "CPU time of the process.");
    text.sample("kvduel_cpu_seconds_total", "{mode=\"user\"}", now.cpu_user_s);
    text.sample("kvduel_cpu_seconds_total", "{mode=\"system\"}", now.cpu_system_s);
    text.family("kvduel_context_switches_total", "counter", "Context switches of the process.");
    text.sample("kvduel_context_switches_total", "{kind=\"voluntary\"}", now.switches_voluntary);
    text.sample("kvduel_context_switches_total", "{kind=\"involuntary\"}", now.switches_involuntary);
    text.latency("kvduel_queue_wait_seconds", "From ready to started.", now.queue_wait);
    text.latency("kvduel_handler_seconds", "From started to answered.", now.handler);
    return text.take();
}

} // namespace

kv::Response make_page(const kv::Route& route, const Service& service) {
    switch (route.operation) {
    case kv::Operation::kStats:
        return kv::page(route, http::ContentType::kJson,
                        store::make_value(stats_text(service, take_snapshot(service))));
    case kv::Operation::kMetrics:
        return kv::page(route, http::ContentType::kPrometheus,
                        store::make_value(metrics_text(take_snapshot(service))));
    default: return kv::page(route, http::ContentType::kText, store::make_value("ok"));
    }
}

} // namespace kvduel::servers
