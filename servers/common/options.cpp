#include "servers/common/options.hpp"

#include <fmt/format.h>
#include <malloc.h>
#include <sched.h>

#include <array>

namespace kvduel::servers {
namespace {

constexpr std::uint64_t kMaxBytes = std::uint64_t{1} << 40;
constexpr std::uint64_t kMaxTimeoutMs = 86'400'000; // a day

Flag timeout_flag(std::string name, std::string help, std::chrono::milliseconds& place) {
    return {std::move(name), "MS", std::move(help),
            [&place](std::string_view flag, std::string_view text) -> Outcome {
                auto number = parse_number(flag, text, 1, kMaxTimeoutMs);
                if (!number) return number.error();
                place = std::chrono::milliseconds(*number);
                return ok();
            }};
}

Flag work_flag(std::string name, std::string help, WorkShare& place) {
    return {std::move(name), "N[@P%]", std::move(help),
            [&place](std::string_view flag, std::string_view text) -> Outcome {
                auto work = parse_work_share(flag, text);
                if (!work) return work.error();
                place = *work;
                return ok();
            }};
}

Outcome read_address(Address& place, std::string_view text) {
    auto address = parse_address(text);
    if (!address) return address.error();
    place = std::move(*address);
    return ok();
}

Outcome read_store(const store::StoreKind*& place, std::string_view flag, std::string_view text) {
    place = store::find_store(text);
    if (place != nullptr) return ok();
    return Error{ErrorKind::kUsage, fmt::format("{} {}", flag, text),
                 fmt::format("no such store; allowed: {}", store::store_names()), ""};
}

Outcome read_log_level(LogLevel& place, std::string_view flag, std::string_view text) {
    static constexpr std::array<std::string_view, 3> kWords{"error", "warn", "info"};
    auto level = parse_word(flag, text, kWords);
    if (!level) return level.error();
    place = static_cast<LogLevel>(*level);
    return ok();
}

} // namespace

std::vector<Flag> common_flags(Options& o) {
    return {
        {"--listen", "HOST:PORT", "address to listen on; port 0 picks a free one [127.0.0.1:8080]",
         [&o](std::string_view, std::string_view text) { return read_address(o.listen, text); }},
        number_flag("--threads", "N", "loops, runners or workers [the CPUs this process may use]", 1, 1'024,
                    o.threads),
        {"--store", "NAME", fmt::format("{} [sharded]", store::store_names()),
         [&o](std::string_view flag, std::string_view text) { return read_store(o.store, flag, text); }},
        number_flag("--max-connections", "N", "further ones get 503 and are closed [16384]", 1, 1'000'000,
                    o.max_connections),
        number_flag("--max-in-flight", "N", "requests admitted and unanswered; further ones get 503 [4096]",
                    1, 1'000'000, o.max_in_flight),
        number_flag("--max-key-bytes", "N", "longest key [8192]", 1, 65'536, o.limits.max_key_bytes),
        number_flag("--max-value-bytes", "N", "largest value [1048576]", 1, std::uint64_t{1} << 30,
                    o.limits.max_value_bytes),
        number_flag("--max-memory-bytes", "N", "the store, keys and overhead included [1073741824]", 65'536,
                    kMaxBytes, o.max_memory_bytes),
        timeout_flag("--header-timeout-ms", "a head, from its first byte to its last [10000]",
                     o.header_timeout),
        timeout_flag("--idle-timeout-ms", "a connection without a request [60000]", o.idle_timeout),
        timeout_flag("--write-timeout-ms", "a peer that does not read its answer [10000]", o.write_timeout),
        timeout_flag("--drain-timeout-ms", "from SIGTERM to the cut [10000]", o.drain_timeout),
        work_flag("--work-cpu-us", "burn N us of CPU in the handler, for P% of requests [0]", o.work_cpu),
        work_flag("--work-wait-us", "wait N us in the handler, for P% of requests [0]", o.work_wait),
        {"--log-level", "LEVEL", "error, warn, info [info]",
         [&o](std::string_view flag, std::string_view text) {
             return read_log_level(o.log_level, flag, text);
         }},
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
