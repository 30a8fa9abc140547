#include "harness/tests/truth/options.hpp"

#include <charconv>
#include <functional>
#include <limits>
#include <string_view>
#include <vector>

namespace truth {

namespace {

constexpr std::int64_t kNsPerUs = 1'000;
constexpr std::uint64_t kMaxUs = 3'600'000'000;
constexpr std::string_view kHost = "127.0.0.1:";

struct Flag {
    std::string_view name;
    std::string_view help;
    std::function<bool(std::string_view)> take;
};

bool parse_number(std::string_view text, std::uint64_t highest, std::uint64_t& number) {
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && stop == text.data() + text.size() && number <= highest;
}

auto microseconds(Nanoseconds& span) {
    return [&span](std::string_view text) {
        std::uint64_t us = 0;
        if (!parse_number(text, kMaxUs, us)) return false;
        span = static_cast<Nanoseconds>(us) * kNsPerUs;
        return true;
    };
}

auto count(std::uint64_t& number) {
    return [&number](std::string_view text) {
        return parse_number(text, std::numeric_limits<std::uint64_t>::max(), number);
    };
}

std::vector<Flag> flags(CommandLine& line) {
    Options& options = line.options;
    Timing& timing = options.timing;
    return {
        {"--listen", "127.0.0.1:PORT; 0: a free one",
         [&](std::string_view text) {
             std::uint64_t port = 0;
             if (!text.starts_with(kHost) || !parse_number(text.substr(kHost.size()), 65'535, port))
                 return false;
             line.port = static_cast<std::uint16_t>(port);
             return true;
         }},
        {"--delay-us", "every answer leaves that long after its request", microseconds(timing.delay)},
        {"--slow-delay-us", "the same for slow ones", microseconds(timing.slow_delay)},
        {"--slow-every", "of so many requests the last is slow", count(timing.slow_every)},
        {"--service-us", "one worker takes that long for each", microseconds(timing.service)},
        {"--stall-us", "so long no answer leaves", microseconds(timing.stall)},
        {"--stall-every-us", "from stall to stall", microseconds(timing.stall_every)},
        {"--fault", "what is done wrong (harness/tests/truth/fault.hpp)",
         [&](std::string_view text) {
             const auto fault = parse_fault(text);
             if (fault) options.fault = *fault;
             return fault.has_value();
         }},
        {"--fault-every", "with each so-many-th request", count(options.fault_every)},
        {"--clean", "so many first requests are answered right and at once, and not recorded",
         count(options.clean)},
        {"--arrival-log", "a file: connection, arrival, planned, answered of each request in ns",
         [&](std::string_view text) {
             options.arrival_log = text;
             return true;
         }},
    };
}

} // namespace

std::string usage() {
    CommandLine line;
    std::string text = "kvduel-truth: an HTTP server of known behaviour, for tests\n";
    for (const Flag& flag : flags(line))
        text += "  " + std::string(flag.name) + "  " + std::string(flag.help) + "\n";
    return text;
}

CommandLine parse_command_line(std::span<char* const> arguments) {
    CommandLine line;
    const std::vector<Flag> known = flags(line);
    for (std::size_t i = 0; i < arguments.size() && line.error.empty(); i += 2) {
        const std::string name = arguments[i];
        const Flag* found = nullptr;
        for (const Flag& flag : known)
            if (flag.name == name) found = &flag;
        if (found == nullptr)
            line.error = name + ": not a flag";
        else if (i + 1 == arguments.size() || !found->take(arguments[i + 1]))
            line.error = name + ": its value is missing or not allowed";
    }
    const Options& options = line.options;
    if (line.error.empty() && options.timing.stall > 0 && options.timing.stall_every <= options.timing.stall)
        line.error = "--stall-every-us: must be longer than --stall-us";
    if (line.error.empty() && options.fault_every == 0) line.error = "--fault-every: must be at least 1";
    return line;
}

} // namespace truth
