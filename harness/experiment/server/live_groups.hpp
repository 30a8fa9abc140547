#pragma once

#include <sys/types.h>

namespace kvduel::experiment {

/// The process groups of the servers that run now, readable by a signal handler. A group is listed from its
/// start until its leader has ended and before it is reaped, so the number never names a stranger's group.
class LiveGroup {
public:
    explicit LiveGroup(pid_t group) noexcept;
    ~LiveGroup();
    LiveGroup(const LiveGroup&) = delete;
    LiveGroup& operator=(const LiveGroup&) = delete;

private:
    pid_t group_;
};

/// SIGKILL to every listed group. Async-signal-safe.
void kill_live_groups() noexcept;

} // namespace kvduel::experiment
