#include "harness/load/own_thread.hpp"

#include <linux/close_range.h>
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include <ctime>

namespace kvduel::load {

namespace {

// ThreadSanitizer takes equal numbers in two tables of descriptors for one file and sees races on it.
#if defined(__SANITIZE_THREAD__)
constexpr bool kIsThreadSanitized = true;
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
constexpr bool kIsThreadSanitized = true;
#else
constexpr bool kIsThreadSanitized = false;
#endif
#else
constexpr bool kIsThreadSanitized = false;
#endif

} // namespace

Duration thread_cpu_time() noexcept {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

void own_descriptors() noexcept {
    if (!kIsThreadSanitized) ::close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_UNSHARE);
}

void run_on(const std::vector<int>& cpus) noexcept {
    cpu_set_t set;
    CPU_ZERO(&set);
    for (const int cpu : cpus)
        if (cpu >= 0 && cpu < CPU_SETSIZE) CPU_SET(static_cast<unsigned>(cpu), &set);
    if (CPU_COUNT(&set) > 0) ::pthread_setaffinity_np(::pthread_self(), sizeof set, &set);
}

void give_way() noexcept {
    const sched_param none{};
    ::sched_setscheduler(0, SCHED_IDLE, &none); // of this thread alone; to give way needs no privilege
}

} // namespace kvduel::load
