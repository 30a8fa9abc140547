#pragma once

#include <atomic>
#include <cstdint>

namespace kvduel::faults {

/// The libc calls that can be made to fail. The order is that of SITES in ../blackbox/faults.py.
enum class Site : std::uint8_t { kAccept, kReceive, kSend, kAllocate, kThread, kWatch, kRearm };
inline constexpr int kSiteCount = 7;

/// What is to happen at one site. Lives in a file that the test and the server both map, so a test arms and
/// disarms it while the server runs; all zero means: nothing happens, calls are counted.
struct Orders {
    std::atomic<std::int64_t> error;       ///< errno to fail with; 0: shorten the call to `limit_bytes`
    std::atomic<std::int64_t> times;       ///< how often still; -1: for ever; 0: not armed
    std::atomic<std::int64_t> skip;        ///< calls to let through first
    std::atomic<std::int64_t> every;       ///< after that, each every-th call
    std::atomic<std::int64_t> limit_bytes; ///< see `error`; for kAllocate the smallest size that counts
    std::atomic<std::int64_t> calls;       ///< calls seen while armed or not
    std::atomic<std::int64_t> fired;       ///< faults since armed
    std::atomic<std::int64_t> reserved;
};
static_assert(sizeof(Orders) == 8 * sizeof(std::int64_t));

/// The orders of a site, or null in a process without a plan (KVDUEL_FAULT_PLAN names the file). Any thread.
Orders* orders(Site site) noexcept;

/// Counts a call at `site` and says whether it is to fail. Any thread; takes no lock, allocates nothing.
bool fires(Orders* site) noexcept;

/// The next definition of `name` behind this library.
void* next_definition(const char* name) noexcept;

} // namespace kvduel::faults
