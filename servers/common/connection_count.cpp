#include "servers/common/connection_count.hpp"

#include "servers/common/needed_fd.hpp"

#include <sys/eventfd.h>

namespace kvduel::servers {

ConnectionCount::ConnectionCount(std::uint32_t limit)
    : limit_(limit), none_(needed_fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")) {}

bool ConnectionCount::try_open() noexcept {
    if (open_.fetch_add(1) >= limit_) {
        closed();
        return false;
    }
    accepted_.fetch_add(1, std::memory_order_relaxed);
    return true;
}

// Sequentially consistent with watch_for_none(): of the last to leave and the watcher, one sees the other.
void ConnectionCount::closed() noexcept {
    if (open_.fetch_sub(1) == 1 && is_watched_.load()) signal_none();
}

void ConnectionCount::watch_for_none() noexcept {
    is_watched_.store(true);
    if (open_.load() == 0) signal_none();
}

void ConnectionCount::signal_none() noexcept {
    ::eventfd_write(none_.get(), 1);
}

} // namespace kvduel::servers
