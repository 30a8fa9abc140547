#include "harness/load/rendezvous.hpp"

#include <utility>

namespace kvduel::load {

bool Rendezvous::arrive() {
    MutexLock lock(mutex_);
    const unsigned phase = phase_;
    ++arrived_;
    changed_.notify_all();
    while (phase_ == phase && !has_ended_) changed_.wait(mutex_);
    return !has_ended_;
}

void Rendezvous::leave() {
    MutexLock lock(mutex_);
    ++arrived_;
    changed_.notify_all();
}

bool Rendezvous::have_left(unsigned count) {
    MutexLock lock(mutex_);
    return arrived_ >= count;
}

void Rendezvous::report(Error error) {
    MutexLock lock(mutex_);
    if (!error_) error_ = std::move(error);
}

void Rendezvous::add_open_connections(std::uint32_t count, const std::string& first_error) {
    MutexLock lock(mutex_);
    open_connections_ += count;
    if (connect_error_.empty()) connect_error_ = first_error;
}

Rendezvous::Window Rendezvous::window() {
    MutexLock lock(mutex_);
    return window_;
}

bool Rendezvous::wait_all(TimePoint deadline) {
    MutexLock lock(mutex_);
    while (arrived_ < threads_)
        if (changed_.wait_until(mutex_, deadline) == std::cv_status::timeout) break;
    return arrived_ == threads_;
}

void Rendezvous::release() {
    MutexLock lock(mutex_);
    arrived_ = 0;
    ++phase_;
    changed_.notify_all();
}

void Rendezvous::set_window(const Window& window) {
    MutexLock lock(mutex_);
    window_ = window;
}

void Rendezvous::end() {
    MutexLock lock(mutex_);
    has_ended_ = true;
    changed_.notify_all();
}

std::optional<Error> Rendezvous::error() {
    MutexLock lock(mutex_);
    return error_;
}

std::uint32_t Rendezvous::open_connections() {
    MutexLock lock(mutex_);
    return open_connections_;
}

std::string Rendezvous::connect_error() {
    MutexLock lock(mutex_);
    return connect_error_;
}

} // namespace kvduel::load
