#include "harness/experiment/doctor/doctor_limits.hpp"

#include "harness/experiment/machine/proc_file.hpp"

#include <sys/resource.h>

#include <cstdio>
#include <string>
#include <string_view>

namespace kvduel::experiment {

namespace {

constexpr double kTimeWaitS = 60; // Linux's TCP_TIMEWAIT_LEN

/// The number after " tw " in the line "TCP: inuse 2 orphan 0 tw 164 alloc 2 mem 134".
std::optional<std::uint64_t> parse_time_wait(const std::string& sockstat) {
    const std::size_t line = sockstat.find("TCP:");
    if (line == std::string::npos) return std::nullopt;
    const std::string_view text = std::string_view(sockstat).substr(line, sockstat.find('\n', line) - line);
    const std::size_t at = text.find(" tw ");
    if (at == std::string_view::npos) return std::nullopt;
    return number_after(text.substr(at + 1), "tw");
}

std::optional<double> parse_port_count(const std::string& range) {
    unsigned first = 0;
    unsigned last = 0;
    if (std::sscanf(range.c_str(), "%u %u", &first, &last) != 2 || last < first || last > 65535)
        return std::nullopt;
    return last - first + 1.0;
}

} // namespace

std::optional<std::uint64_t> read_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
    if (limit.rlim_max == RLIM_INFINITY) return std::nullopt;
    return limit.rlim_max;
}

DoctorFinding check_descriptors(std::optional<std::uint64_t> limit, unsigned connections) {
    const std::uint64_t needed = connections + kSpareDescriptors;
    const std::string needs = std::to_string(connections) + " connections need " + std::to_string(needed);
    DoctorFinding finding{"descriptors", Fitness::kOk, {}, "", ""};
    finding.values = {reading("descriptors_allowed", limit), {"descriptors_needed", double(needed)}};
    finding.message = (limit ? std::to_string(*limit) : std::string("any number")) + " allowed, " + needs;
    if (limit.value_or(needed) >= needed) return finding;
    finding.verdict = Fitness::kProblem;
    finding.remedy = "run: ulimit -n " + std::to_string(needed);
    return finding;
}

DoctorFinding check_backlog(const FactTree& facts, unsigned connections) {
    const auto accepts = facts.number("/proc/sys/net/core/somaxconn");
    const auto handshakes = facts.number("/proc/sys/net/ipv4/tcp_max_syn_backlog");
    if (!accepts && !handshakes)
        return not_to_be_had("backlog", {"somaxconn", "tcp_max_syn_backlog", "connections"},
                             message(facts.line("/proc/sys/net/core/somaxconn").error()));
    DoctorFinding finding{"backlog", Fitness::kOk, {}, "", ""};
    finding.values = {reading("somaxconn", accepts),
                      reading("tcp_max_syn_backlog", handshakes),
                      {"connections", static_cast<double>(connections)}};
    const auto shown = [](const std::optional<double>& number) {
        return number ? printed("%.0f", *number) : std::string("not to be had");
    };
    finding.message = "somaxconn " + shown(accepts) + ", tcp_max_syn_backlog " + shown(handshakes) + " for " +
                      std::to_string(connections) + " connections";
    const std::string wanted = std::to_string(connections);
    if (accepts.value_or(connections) < connections) finding.remedy = "net.core.somaxconn=" + wanted;
    if (handshakes.value_or(connections) < connections)
        finding.remedy += (finding.remedy.empty() ? "" : " ") + ("net.ipv4.tcp_max_syn_backlog=" + wanted);
    if (finding.remedy.empty()) return finding;
    finding.verdict = Fitness::kWarning;
    finding.remedy = "run: sysctl -w " + finding.remedy;
    return finding;
}

DoctorFinding check_ports(const FactTree& facts, unsigned connections) {
    const std::vector<std::string> names{"ports", "time_wait", "tcp_tw_reuse", "new_connections_per_s_max"};
    const auto range = facts.line("/proc/sys/net/ipv4/ip_local_port_range");
    if (!range) return not_to_be_had("ports", names, message(range.error()));
    const auto ports = parse_port_count(*range);
    if (!ports) return not_to_be_had("ports", names, "\"" + *range + "\" is not a range of ports");
    const auto reuse = facts.number("/proc/sys/net/ipv4/tcp_tw_reuse");
    const auto sockstat = facts.text("/proc/net/sockstat");
    const auto waiting = sockstat ? parse_time_wait(*sockstat) : std::nullopt;
    const bool is_reused = reuse.value_or(0) > 0;
    const double most_per_s = *ports / (is_reused ? 1.0 : kTimeWaitS);
    DoctorFinding finding{"ports", Fitness::kOk, {}, "", ""};
    finding.values = {
        {names[0], *ports}, reading(names[1], waiting), reading(names[2], reuse), {names[3], most_per_s}};
    finding.message = printed("%.0f ports, %s in TIME_WAIT, tcp_tw_reuse %s: up to %.0f new connections/s",
                              *ports, waiting ? std::to_string(*waiting).c_str() : "an unknown number",
                              reuse ? printed("%.0f", *reuse).c_str() : "not to be had", most_per_s);
    if (!is_reused) {
        finding.verdict = Fitness::kNote;
        finding.remedy = "for many new connections: sysctl -w net.ipv4.tcp_tw_reuse=2";
    }
    if (waiting && static_cast<double>(*waiting) > *ports / 2) {
        finding.verdict = Fitness::kWarning;
        finding.remedy = "wait 60 s until they are gone";
    }
    if (*ports < connections) {
        finding.verdict = Fitness::kProblem;
        finding.remedy = "run: sysctl -w net.ipv4.ip_local_port_range=\"1024 65535\"";
    }
    return finding;
}

} // namespace kvduel::experiment
