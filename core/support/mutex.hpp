#pragma once

#include <mutex>
#include <utility>

#if defined(__clang__)
#define KVDUEL_THREAD_ANNOTATION(x) __attribute__((x))
#else
#define KVDUEL_THREAD_ANNOTATION(x)
#endif
#define KVDUEL_GUARDED_BY(mutex) KVDUEL_THREAD_ANNOTATION(guarded_by(mutex))
#define KVDUEL_REQUIRES(mutex) KVDUEL_THREAD_ANNOTATION(requires_capability(mutex))

namespace kvduel {

/// std::mutex with the names that Clang's -Wthread-safety checks at compile time.
class KVDUEL_THREAD_ANNOTATION(capability("mutex")) Mutex {
public:
    void lock() KVDUEL_THREAD_ANNOTATION(acquire_capability()) { mutex_.lock(); }
    void unlock() KVDUEL_THREAD_ANNOTATION(release_capability()) { mutex_.unlock(); }

private:
    std::mutex mutex_;
};

/// Holds a Mutex from here to the end of the scope.
class KVDUEL_THREAD_ANNOTATION(scoped_lockable) MutexLock {
public:
    explicit MutexLock(Mutex& mutex) KVDUEL_THREAD_ANNOTATION(acquire_capability(mutex)) : mutex_(mutex) {
        mutex_.lock();
    }
    ~MutexLock() KVDUEL_THREAD_ANNOTATION(release_capability()) { mutex_.unlock(); }
    MutexLock(const MutexLock&) = delete;
    MutexLock& operator=(const MutexLock&) = delete;

private:
    Mutex& mutex_;
};

/// A value that is reached only with its lock held: guarded.with_lock([](T& value) { ... }).
template <typename T>
class Guarded {
public:
    template <typename... Args>
    explicit Guarded(Args&&... args) : value_(std::forward<Args>(args)...) {}

    template <typename Use>
    decltype(auto) with_lock(Use&& use) {
        MutexLock lock(mutex_);
        return std::forward<Use>(use)(value_);
    }

private:
    Mutex mutex_;
    T value_ KVDUEL_GUARDED_BY(mutex_);
};

} // namespace kvduel
