#include "servers/common/service.hpp"

#include "servers/common/descriptors.hpp"
#include "servers/common/process.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <string_view>

namespace kvduel::servers {
namespace {

std::uint32_t connection_limit(const Options& options, const Log& log) {
    const std::uint64_t descriptors = raise_descriptor_limit();
    const std::uint64_t reserved = reserved_descriptors(options.threads);
    const std::uint64_t most = descriptors > reserved ? descriptors - reserved : 1;
    if (options.max_connections <= most) return options.max_connections;
    log.warn(fmt::format("{} descriptors allowed: --max-connections lowered from {} to {}; run: ulimit -n {}",
                         descriptors, options.max_connections, most, options.max_connections + reserved));
    return static_cast<std::uint32_t>(most);
}

/// A new one for each process, so that nobody can prepare colliding keys; KVDUEL_HASH_SEED=N gives it to
/// whoever counts what a request costs (scripts/count_work.py): the length of a probe follows from it.
store::HashSeed hash_seed(const Log& log) {
    const char* given = std::getenv("KVDUEL_HASH_SEED");
    if (given == nullptr) return store::make_random_seed();
    store::HashSeed seed;
    const std::string_view text(given);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed.value);
    if (error == std::errc() && end == text.data() + text.size()) return seed;
    log.warn("KVDUEL_HASH_SEED is not a number of 64 bits: the keys are hashed with a seed of chance");
    return store::make_random_seed();
}

std::unique_ptr<store::Store> make_store(const Options& options, const Log& log) {
    store::StoreOptions chosen;
    chosen.memory_limit_bytes = options.max_memory_bytes;
    chosen.threads = options.threads;
    chosen.seed = hash_seed(log);
    return options.store->make(chosen);
}

} // namespace

Service::Service(const Options& chosen, std::string_view program_name, std::string_view mode_name,
                 std::size_t lanes, Watchdog::CloseAbandoned close_abandoned)
    : options(chosen), program(program_name), mode(mode_name), started(Clock::now()),
      log(program_name, chosen.log_level), store(make_store(chosen, log)), admission(chosen.max_in_flight),
      bodies(chosen.max_memory_bytes / 4), work(chosen.work_cpu, chosen.work_wait), metrics(lanes),
      connections(connection_limit(chosen, log)), watchdog(close_abandoned) {}

} // namespace kvduel::servers
