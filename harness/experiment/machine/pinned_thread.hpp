#pragma once

#include <pthread.h>
#include <sched.h>

#include <optional>

namespace kvduel::experiment {

/// Binds the calling thread to `cpu`. False if it may not run there; it then runs where it did.
inline bool pin_this_thread(std::optional<int> cpu) {
    if (!cpu) return true;
    cpu_set_t set;
    CPU_ZERO(&set);
    if (*cpu < 0 || *cpu >= CPU_SETSIZE) return false;
    CPU_SET(static_cast<unsigned>(*cpu), &set);
    return ::pthread_setaffinity_np(::pthread_self(), sizeof set, &set) == 0;
}

} // namespace kvduel::experiment
