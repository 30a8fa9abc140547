#include "harness/experiment/server/live_groups.hpp"

#include <signal.h>

#include <array>
#include <atomic>

namespace kvduel::experiment {

namespace {

// Servers that run at once: one, or those that share their time in slices. Beyond it their parent's death
// ends them.
constexpr std::size_t kPlaces = 8;
// Handler and program share the list: relaxed is enough, as each place stands alone and one thread writes.
std::array<std::atomic<pid_t>, kPlaces> g_groups{}; // NOLINT: a signal handler reaches nothing else
static_assert(std::atomic<pid_t>::is_always_lock_free, "a signal handler reads the list");

} // namespace

LiveGroup::LiveGroup(pid_t group) noexcept : group_(group) {
    for (auto& place : g_groups) {
        pid_t free = 0;
        if (place.compare_exchange_strong(free, group, std::memory_order_relaxed)) return;
    }
}

LiveGroup::~LiveGroup() {
    for (auto& place : g_groups) {
        pid_t mine = group_;
        if (place.compare_exchange_strong(mine, 0, std::memory_order_relaxed)) return;
    }
}

void kill_live_groups() noexcept {
    for (const auto& place : g_groups) {
        const pid_t group = place.load(std::memory_order_relaxed);
        if (group > 1) ::kill(-group, SIGKILL);
    }
}

} // namespace kvduel::experiment
