#include "servers/common/options.hpp"

#include <fmt/format.h>
#include <malloc.h>
#include <sched.h>

#include <array>

namespace kvduel::servers {
namespace {

constexpr std::uint64_t kMaxBytes = std::uint64_t{1} << 40;
constexpr std::uint64_t kMaxTimeoutMs = 86'400'000; // a day

Options& as_options(void* options) {
    return *static_cast<Options*>(options);
}

/// A row whose value is a whole number from Least to Most, kept in the field that `store` picks.
template <std::uint64_t Least, std::uint64_t Most, auto Store>
Flag number_flag(std::string name, std::string value, std::string help) {
    return {std::move(name), std::move(value), std::move(help),
            [](void* options, std::string_view flag, std::string_view text) -> Outcome {
                auto number = parse_number(flag, text, Least, Most);
                if (!number) return number.error();
                Store(as_options(options), *number);
                return ok();
            }};
}

template <auto Field>
Flag timeout_flag(std::string name, std::string help) {
    return number_flag<1, kMaxTimeoutMs, [](Options& options, std::uint64_t ms) {
        options.*Field = std::chrono::milliseconds(ms);
    }>(std::move(name), "MS", std::move(help));
}

template <auto Field>
Flag work_flag(std::string name, std::string help) {
    return {std::move(name), "N[@P%]", std::move(help),
            [](void* options, std::string_view flag, std::string_view text) -> Outcome {
                auto work = parse_work_share(flag, text);
                if (!work) return work.error();
                as_options(options).*Field = *work;
                return ok();
            }};
}

Outcome set_listen(void* options, std::string_view, std::string_view text) {
    auto address = parse_address(text);
    if (!address) return address.error();
    as_options(options).listen = std::move(*address);
    return ok();
}

Outcome set_store(void* options, std::string_view flag, std::string_view text) {
    as_options(options).store = store::find_store(text);
    if (as_options(options).store != nullptr) return ok();
    return Error{ErrorKind::kUsage, fmt::format("{} {}", flag, text),
                 fmt::format("no such store; allowed: {}", store::store_names()), ""};
}

Outcome set_log_level(void* options, std::string_view flag, std::string_view text) {
    static constexpr std::array<std::string_view, 3> kWords{"error", "warn", "info"};
    auto level = parse_word(flag, text, kWords);
    if (!level) return level.error();
    as_options(options).log_level = static_cast<LogLevel>(*level);
    return ok();
}

} // namespace

std::vector<Flag> common_flags() {
    return {
        {"--listen", "HOST:PORT", "address to listen on; port 0 picks a free one [127.0.0.1:8080]",
         set_listen},
        number_flag<1, 1'024, [](Options& o, std::uint64_t n) { o.threads = static_cast<unsigned>(n); }>(
            "--threads", "N", "loops, runners or workers [the CPUs this process may use]"),
        {"--store", "NAME", fmt::format("{} [sharded]", store::store_names()), set_store},
        number_flag<1, 1'000'000,
                    [](Options& o, std::uint64_t n) { o.max_connections = static_cast<std::uint32_t>(n); }>(
            "--max-connections", "N", "further ones get 503 and are closed [16384]"),
        number_flag<1, 1'000'000,
                    [](Options& o, std::uint64_t n) { o.max_in_flight = static_cast<std::uint32_t>(n); }>(
            "--max-in-flight", "N", "requests admitted and unanswered; further ones get 503 [4096]"),
        number_flag<1, 65'536, [](Options& o, std::uint64_t n) { o.limits.max_key_bytes = n; }>(
            "--max-key-bytes", "N", "longest key [8192]"),
        number_flag<1, std::uint64_t{1} << 30,
                    [](Options& o, std::uint64_t n) { o.limits.max_value_bytes = n; }>(
            "--max-value-bytes", "N", "largest value [1048576]"),
        number_flag<65'536, kMaxBytes, [](Options& o, std::uint64_t n) { o.max_memory_bytes = n; }>(
            "--max-memory-bytes", "N", "the store, keys and overhead included [1073741824]"),
        timeout_flag<&Options::header_timeout>("--header-timeout-ms",
                                               "a head, from its first byte to its last [10000]"),
        timeout_flag<&Options::idle_timeout>("--idle-timeout-ms", "a connection without a request [60000]"),
        timeout_flag<&Options::write_timeout>("--write-timeout-ms",
                                              "a peer that does not read its answer [10000]"),
        timeout_flag<&Options::drain_timeout>("--drain-timeout-ms", "from SIGTERM to the cut [10000]"),
        work_flag<&Options::work_cpu>("--work-cpu-us",
                                      "burn N us of CPU in the handler, for P% of requests [0]"),
        work_flag<&Options::work_wait>("--work-wait-us", "wait N us in the handler, for P% of requests [0]"),
        {"--log-level", "LEVEL", "error, warn, info [info]", set_log_level},
    };
}

unsigned usable_cpus() noexcept {
    cpu_set_t set;
    if (::sched_getaffinity(0, sizeof set, &set) != 0) return 1;
    const int count = CPU_COUNT(&set);
    return count > 0 ? static_cast<unsigned>(count) : 1;
}

void complete(Options& options) {
    if (options.threads == 0) options.threads = usable_cpus();
    if (options.store == nullptr) options.store = store::find_store("sharded");
    // glibc's default of eight arenas a CPU would make RSS measure the allocator, and more so with more
    // threads.
    ::mallopt(M_ARENA_MAX, static_cast<int>(usable_cpus()));
}

} // namespace kvduel::servers
