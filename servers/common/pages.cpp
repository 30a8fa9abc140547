#include "servers/common/pages.hpp"

#include "servers/common/snapshot.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <array>
#include <iterator>
#include <string>
#include <vector>

namespace kvduel::servers {
namespace {

constexpr std::array<std::string_view, kRejections> kRejectionNames{"in_flight",   "queue",  "connections",
                                                                    "body_budget", "memory", "thread"};
constexpr std::array<std::string_view, kDeadlines> kDeadlineNames{"header", "body", "idle", "write"};

/// JSON written piece by piece: every name and word in it is ours and needs no escape. Not a JSON library's
/// tree, whose destructor allocates: a page must not end the process when memory is short.
class JsonText {
public:
    void open(std::string_view name) {
        key(name);
        text_ += '{';
    }
    void close() {
        if (text_.back() == ',') text_.pop_back();
        text_ += "},";
    }
    template <typename Number>
    void number(std::string_view name, Number value) {
        key(name);
        fmt::format_to(std::back_inserter(text_), "{},", value);
    }
    void word(std::string_view name, std::string_view value) {
        key(name);
        fmt::format_to(std::back_inserter(text_), "\"{}\",", value);
    }
    void numbers(std::string_view name, const std::vector<std::uint64_t>& values) {
        key(name);
        fmt::format_to(std::back_inserter(text_), "[{}],", fmt::join(values, ","));
    }
    template <std::size_t N>
    void counts(std::string_view name, const std::array<std::string_view, N>& names,
                const std::array<std::uint64_t, N>& values) {
        open(name);
        for (std::size_t i = 0; i < N; ++i) number(names[i], values[i]);
        close();
    }
    void latency(std::string_view name, const LatencySnapshot& latency) {
        const auto us = [](std::uint64_t ns) { return static_cast<double>(ns) / 1e3; };
        open(name);
        number("count", latency.count);
        number("sum_ns", latency.sum_ns); // exact: differences of two pages give exact means
        number("min", us(latency.min_ns));
        number("mean", latency.mean_ns() / 1e3);
        number("p50", us(latency.quantile_ns(0.5)));
        number("p90", us(latency.quantile_ns(0.9)));
        number("p99", us(latency.quantile_ns(0.99)));
        number("max", us(latency.quantile_ns(1)));
        key("buckets");
        text_ += '[';
        for (const auto& [upper, count] : latency.buckets) {
            fmt::format_to(std::back_inserter(text_), "[{},{}],", upper, count);
        }
        if (text_.back() == ',') text_.pop_back();
        text_ += "],";
        close();
    }
    std::string take() {
        text_.back() = '\n'; // the comma behind the outermost object
        return std::move(text_);
    }

private:
    void key(std::string_view name) {
        if (!name.empty()) fmt::format_to(std::back_inserter(text_), "\"{}\":", name);
    }

    std::string text_;
};

std::string stats_text(const Service& service, const Snapshot& now) {
    JsonText json;
    json.open("");
    json.word("server", service.program);
    json.word("mode", service.mode);
    json.number("pid", ::getpid());
    json.number("threads", service.options.threads);
    json.number("uptime_s", now.uptime_s);
    json.open("requests");
    json.number("total", now.requests);
    json.number("pages", now.pages);
    json.number("in_flight", now.in_flight);
    json.number("handler_failures", now.handler_failures);
    json.open("by_status");
    for (const auto& [status, count] : now.by_status) json.number(fmt::format_int(status).c_str(), count);
    json.close();
    json.close();
    json.counts("rejected", kRejectionNames, now.rejected);
    json.counts("deadlines", kDeadlineNames, now.deadlines);
    json.open("connections");
    json.number("open", now.connections_open);
    json.number("accepted", now.connections_accepted);
    json.number("limit", service.connections.limit());
    json.numbers("per_loop", now.model.connections_per_loop);
    json.close();
    json.open("queue");
    json.number("depth", now.model.queue_depth);
    json.number("capacity", now.model.queue_capacity);
    json.close();
    json.open("store");
    json.word("kind", service.options.store->name);
    json.number("keys", now.store.keys);
    json.number("bytes", now.store.bytes);
    json.number("limit_bytes", now.store.limit_bytes);
    json.close();
    json.open("process");
    json.number("cpu_user_s", now.cpu_user_s);
    json.number("cpu_system_s", now.cpu_system_s);
    json.number("context_switches_voluntary", now.switches_voluntary);
    json.number("context_switches_involuntary", now.switches_involuntary);
    json.close();
    json.latency("queue_wait_us", now.queue_wait);
    json.latency("handler_us", now.handler);
    json.close();
    return json.take();
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
