#pragma once

#include "core/support/clock.hpp"
#include "core/support/unique_fd.hpp"
#include "servers/common/listener.hpp"
#include "servers/common/model.hpp"
#include "servers/common/overflow.hpp"
#include "servers/common/service.hpp"

#include <atomic>
#include <thread>

namespace kvduel::servers {

/// The thread that accepts for every runtime, and that looks at the deadlines a few times a second. It hands
/// each new connection to the model with a place under the cap; a connection over the cap is told 503 and
/// closed. When descriptors or memory run out it stops watching the listener for 250 ms instead of spinning
/// on it.
class Acceptor {
public:
    Acceptor(Service& service, Model& model, Listener listener);
    /// Stops accepting first, if stop_accepting() has not, and ends the thread.
    ~Acceptor();
    Acceptor(const Acceptor&) = delete;
    Acceptor& operator=(const Acceptor&) = delete;

    /// Starts the thread; std::system_error when there is none to be had.
    void start();

    /// Closes the listener, and has the count of connections watched for none from then on. The thread goes
    /// on to look at deadlines, and ends every idle wait.
    void stop_accepting() noexcept;

private:
    void run();
    void tick(TimePoint now);
    void accept_batch(TimePoint now);
    void pause(int error, TimePoint now);
    void resume_when_due(TimePoint now);
    int watch(int operation, int fd, std::uint32_t events) noexcept;

    Service& service_;
    Model& model_;
    Listener listener_;
    UniqueFd epoll_;
    UniqueFd wake_;
    Overflow overflow_;
    Duration tick_length_;
    TimePoint next_tick_{};
    TimePoint paused_until_{}; ///< epoch: not paused
    TimePoint last_complaint_{};
    std::atomic<bool> has_closed_{false}; ///< stop_accepting() was called; read before each accept
    std::atomic<bool> ends_{false};
    std::jthread thread_;
};

} // namespace kvduel::servers
