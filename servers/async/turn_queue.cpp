#include "servers/async/turn_queue.hpp"

#include <boost/asio/post.hpp>

namespace kvduel::servers::async {

TurnQueue::TurnQueue(Executor executor, std::size_t threads)
    : executor_(executor), memories_(std::make_unique<OperationMemory[]>(threads)) {
    idle_.reserve(threads);
    for (std::size_t i = 0; i < threads; ++i) idle_.push_back(&memories_[i]);
}

void TurnQueue::start_turn() noexcept {
    if (idle_.empty()) return;
    OperationMemory* const memory = idle_.back();
    idle_.pop_back();
    post_turn(*memory);
}

void TurnQueue::post_turn(OperationMemory& memory) noexcept {
    boost::asio::post(executor_, memory.bind([this, at = &memory] { serve_turn(*at); }));
}

void TurnQueue::append(Place& place) noexcept {
    place.next_ = nullptr;
    (first_ == nullptr ? first_ : last_->next_) = &place;
    last_ = &place;
}

void TurnQueue::serve_turn(OperationMemory& memory) noexcept {
    const TimePoint end = Clock::now() + kTurnTime;
    while (Place* const place = take(memory)) {
        place->resume_(*place);
        if (Clock::now() >= end) return post_turn(memory); // behind what the loop finds when it reads on
    }
}

/// None when nobody waits: then the turn is over.
TurnQueue::Place* TurnQueue::take(OperationMemory& memory) noexcept {
    const std::lock_guard lock(mutex_);
    Place* const place = first_;
    if (place == nullptr) {
        idle_.push_back(&memory);
    } else {
        first_ = place->next_;
    }
    return place;
}

} // namespace kvduel::servers::async
