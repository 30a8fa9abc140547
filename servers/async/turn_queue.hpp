#pragma once

#include "core/support/clock.hpp"
#include "servers/async/operation_memory.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <memory>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

namespace kvduel::servers::async {

/// The admitted requests of one loop that wait for their turn to compute, in the order in which they came.
/// Asio runs all that is ready before it looks for news. Handlers that were merely posted would compute one
/// after the other while the loop reads nothing: what arrives meanwhile is neither admitted nor refused but
/// waits in its socket, where no cap on requests in flight sees it. Here a turn lasts until kTurnTime has
/// passed, a handler that has begun ends, and then the loop reads on.
///
///   TurnQueue::Place place;            // one a coroutine, in its frame
///   co_await turns.next(place);        // goes on on one of the loop's threads
///
/// Takes no memory beside the places and what it begins with, so it is as long as there are connections at
/// the most, and never fails. Only threads of the loop may call.
class TurnQueue {
public:
    using Executor = boost::asio::io_context::executor_type;

    /// Long beside a look for news, short beside what a client notices.
    static constexpr auto kTurnTime = std::chrono::microseconds(100);

    /// Where a coroutine waits. Must stay until it goes on; holds one waiter at a time.
    class Place {
    public:
        Place() noexcept = default;
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;

    private:
        friend class TurnQueue;
        static constexpr std::size_t kHandlerBytes = 32; // Asio's holder of a suspended coroutine takes 8

        template <typename Handler>
        void hold(Handler&& handler) noexcept {
            static_assert(sizeof(Handler) <= kHandlerBytes && alignof(Handler) <= alignof(void*));
            ::new (static_cast<void*>(handler_)) Handler(std::move(handler));
            resume_ = [](Place& place) {
                auto* const held = std::launder(reinterpret_cast<Handler*>(place.handler_));
                Handler waiting(std::move(*held));
                held->~Handler();
                std::move(waiting)(); // the place may be gone when this returns
            };
        }

        Place* next_ = nullptr;
        void (*resume_)(Place&) = nullptr;
        alignas(void*) std::byte handler_[kHandlerBytes];
    };

    /// As many turns run at once as the loop has threads.
    TurnQueue(Executor executor, std::size_t threads);
    TurnQueue(const TurnQueue&) = delete;
    TurnQueue& operator=(const TurnQueue&) = delete;

    /// What a coroutine awaits to get its turn behind those that wait already.
    auto next(Place& place) {
        return boost::asio::async_initiate<const boost::asio::deferred_t, void()>(
            [this, at = &place](auto handler) {
                const std::lock_guard lock(mutex_);
                at->hold(std::move(handler));
                append(*at);
                start_turn();
            },
            boost::asio::deferred);
    }

private:
    void start_turn() noexcept;
    void post_turn(OperationMemory& memory) noexcept;
    void append(Place& place) noexcept;
    void serve_turn(OperationMemory& memory) noexcept;
    Place* take(OperationMemory& memory) noexcept;

    const Executor executor_;
    const std::unique_ptr<OperationMemory[]> memories_; ///< one a turn
    std::mutex mutex_;                                  // what follows is its
    Place* first_ = nullptr;
    Place* last_ = nullptr;
    std::vector<OperationMemory*>
        idle_; ///< of turns that are neither posted nor running; none is while anybody waits
};

} // namespace kvduel::servers::async
