#include "core/store/epochs.hpp"

#include <algorithm>
#include <limits>
#include <thread>

namespace kvduel::store {

namespace {

constexpr std::size_t kNoHome = std::numeric_limits<std::size_t>::max();

/// Where this thread's search for a line begins, in every store: the line it used last. Only speed hangs on
/// it.
constinit thread_local std::size_t home = kNoHome;

/// Deals the first homes in turn, so that threads that live at once begin apart.
std::size_t deal_home() noexcept {
    static constinit std::atomic<std::size_t> dealt{0};
    return dealt.fetch_add(1, std::memory_order_relaxed);
}

} // namespace

Epochs::Epochs(std::size_t lines) : lines_(std::max<std::size_t>(lines, 1)) {}

Epochs::Section Epochs::try_enter() noexcept {
    if (home == kNoHome) home = deal_home();
    const std::uint64_t epoch =
        epoch_.load(); // may be old by the next line: it then holds back more, not less
    for (std::size_t probe = 0; probe < kProbes; ++probe) {
        std::atomic<std::uint64_t>& line = lines_[(home + probe) % lines_.size()].epoch;
        std::uint64_t expected = kFree;
        if (!line.compare_exchange_strong(expected, epoch)) continue;
        if (probe != 0) home += probe; // two threads that met part here
        return Section(line);
    }
    return {};
}

bool Epochs::try_advance() noexcept {
    std::uint64_t epoch = epoch_.load();
    for (const Line& line : lines_) {
        const std::uint64_t announced = line.epoch.load();
        if (announced != kFree && announced != epoch) return false;
    }
    epoch_.compare_exchange_strong(epoch, epoch + 1); // if it fails, another thread advanced it: as good
    return true;
}

void Epochs::synchronize() noexcept {
    const std::uint64_t unlinked = now();
    while (!is_past(unlinked, now()))
        if (!try_advance()) std::this_thread::yield();
}

} // namespace kvduel::store
