#include "harness/experiment/server/server_identity.hpp"

#include "harness/experiment/text/number_text.hpp"

namespace kvduel::experiment {

std::string process_change(int pid, const ServerSample& first, const ServerSample& now) {
    if (!first.start_ticks || now.start_ticks == first.start_ticks) return {};
    const std::string process = "process " + std::to_string(pid);
    if (!now.start_ticks) return process + " is gone";
    return process + " is another one: it started at tick " + number_text(*now.start_ticks) + ", not " +
           number_text(*first.start_ticks);
}

std::string page_change(const ServerStats& first, const ServerStats& now) {
    if (first.pid && now.pid && *first.pid != *now.pid)
        return "process " + std::to_string(*now.pid) + " answers in the place of " +
               std::to_string(*first.pid);
    if (now.requests_total < first.requests_total)
        return "its count of requests went back from " + number_text(first.requests_total) + " to " +
               number_text(now.requests_total);
    return {};
}

} // namespace kvduel::experiment
