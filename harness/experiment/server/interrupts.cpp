#include "harness/experiment/server/interrupts.hpp"

#include "harness/experiment/server/live_groups.hpp"

#include <signal.h>
#include <unistd.h>

#include <array>

namespace kvduel::experiment {

namespace {

std::atomic<bool> g_stop{false}; // NOLINT: a signal handler reaches nothing else
std::atomic<int> g_signals{0};   // NOLINT
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

constexpr std::array<int, 3> kSignals{SIGINT, SIGTERM, SIGPIPE};
std::array<struct sigaction, kSignals.size()> g_former{}; // NOLINT

void on_signal(int) {
    g_stop.store(true, std::memory_order_relaxed);
    const int count = 1 + g_signals.fetch_add(1, std::memory_order_relaxed);
    if (count >= 2) kill_live_groups();
    if (count >= 3) ::_exit(130); // the servers left die with us: PR_SET_PDEATHSIG
}

} // namespace

Interrupts::Interrupts() {
    g_stop.store(false, std::memory_order_relaxed);
    g_signals.store(0, std::memory_order_relaxed);
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
        struct sigaction action {};
        sigemptyset(&action.sa_mask);
        // Without SA_RESTART: a wait that a signal ends looks at stop() at once.
        action.sa_handler = kSignals[i] == SIGPIPE ? SIG_IGN : on_signal;
        ::sigaction(kSignals[i], &action, &g_former[i]);
    }
}

Interrupts::~Interrupts() {
    for (std::size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals[i], &g_former[i], nullptr);
}

const std::atomic<bool>& Interrupts::stop() noexcept {
    return g_stop;
}

} // namespace kvduel::experiment
