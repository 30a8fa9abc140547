#include "harness/load/slices.hpp"

#include <algorithm>

namespace kvduel::load {

namespace {

bool is_set(const std::atomic<bool>& stop) {
    return stop.load(std::memory_order_relaxed);
}

} // namespace

Slices::Slices(unsigned seats, Duration length) : length_(length), seats_(seats, Seat::kAwaited) {}

bool Slices::take(unsigned seat, const std::atomic<bool>& stop) {
    MutexLock lock(mutex_);
    if (seats_[seat] == Seat::kAwaited) {
        seats_[seat] = Seat::kTaken;
        changed_.notify_all();
    }
    while (!may_run(seat) && !is_set(stop)) changed_.wait_for(mutex_, kStopCheck);
    return !is_set(stop);
}

void Slices::pass(unsigned seat) {
    MutexLock lock(mutex_);
    if (holder_ == seat) give_to_next(seat);
}

void Slices::leave(unsigned seat) {
    MutexLock lock(mutex_);
    seats_[seat] = Seat::kLeft;
    if (holder_ == seat) give_to_next(seat);
    changed_.notify_all(); // who awaits this seat, or the end, waits no longer
}

void Slices::await_end(const std::atomic<bool>& stop) {
    MutexLock lock(mutex_);
    while ((is_any(Seat::kAwaited) || is_any(Seat::kTaken)) && !is_set(stop))
        changed_.wait_for(mutex_, kStopCheck);
}

/// To the next that has not left; if all have, it stays.
void Slices::give_to_next(unsigned seat) {
    for (std::size_t step = 1; step < seats_.size(); ++step) {
        const auto next = static_cast<unsigned>((seat + step) % seats_.size());
        if (seats_[next] == Seat::kLeft) continue;
        holder_ = next;
        changed_.notify_all();
        return;
    }
}

bool Slices::is_any(Seat state) const {
    return std::find(seats_.begin(), seats_.end(), state) != seats_.end();
}

bool Slices::may_run(unsigned seat) const {
    return holder_ == seat && !is_any(Seat::kAwaited);
}

} // namespace kvduel::load
