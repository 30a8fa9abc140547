#include "servers/async/turn_queue.hpp"

#include <boost/asio/post.hpp>

namespace kvduel::servers::async {

void TurnQueue::start_turn() {
    if (turns_ == threads_) return;
    post_turn();
    ++turns_;
}

void TurnQueue::post_turn() {
    boost::asio::post(executor_, [this] { serve_turn(); });
}

void TurnQueue::append(Place& place) noexcept {
    place.next_ = nullptr;
    (first_ == nullptr ? first_ : last_->next_) = &place;
    last_ = &place;
}

void TurnQueue::serve_turn() {
    const TimePoint end = Clock::now() + kTurnTime;
    while (Place* const place = take()) {
        place->resume_(*place);
        if (Clock::now() >= end) return post_turn(); // behind what the loop finds when it reads on
    }
}

/// None when nobody waits: then the turn is over.
TurnQueue::Place* TurnQueue::take() noexcept {
    const std::lock_guard lock(mutex_);
    Place* const place = first_;
    if (place == nullptr) {
        --turns_;
    } else {
        first_ = place->next_;
    }
    return place;
}

} // namespace kvduel::servers::async
