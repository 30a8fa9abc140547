#pragma once

#include "core/http/limits.hpp"
#include "core/store/store.hpp"
#include "servers/common/address.hpp"
#include "servers/common/flags.hpp"
#include "servers/common/work.hpp"

#include <chrono>
#include <cstdint>
#include <vector>

namespace kvduel::servers {

enum class LogLevel : std::uint8_t { kError, kWarn, kInfo };

/// What both servers can be told, spelled alike (design, section 2). A model adds its own rows by deriving.
struct Options {
    Address listen;
    unsigned threads =
        0; ///< loops, runners or workers; 0 after parsing becomes the CPUs this process may use
    const store::StoreKind* store = nullptr;
    std::uint32_t max_connections = 16'384;
    std::uint32_t max_in_flight = 4'096;
    http::Limits limits;
    std::uint64_t max_memory_bytes = std::uint64_t{1} << 30;
    std::chrono::milliseconds header_timeout{10'000};
    std::chrono::milliseconds idle_timeout{60'000};
    std::chrono::milliseconds write_timeout{10'000};
    std::chrono::milliseconds drain_timeout{10'000};
    WorkShare work_cpu;
    WorkShare work_wait;
    LogLevel log_level = LogLevel::kInfo;
};

/// The rows of the flags that both servers share; they set `options`, which must outlive them.
std::vector<Flag> common_flags(Options& options);

/// Fills in what was left open (threads, store) and bounds the allocator's arenas by the CPUs.
void complete(Options& options);

/// The CPUs this process may run on, at least 1.
unsigned usable_cpus() noexcept;

} // namespace kvduel::servers
