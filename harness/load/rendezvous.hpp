#pragma once

#include "core/support/clock.hpp"
#include "core/support/error.hpp"
#include "core/support/mutex.hpp"

#include <condition_variable>
#include <cstdint>
#include <optional>

namespace kvduel::load {

/// Where the load threads and their coordinator meet between phases, never within one. Any thread may call.
class Rendezvous {
public:
    struct Window {
        TimePoint w0{};
        TimePoint w1{};
    };

    explicit Rendezvous(unsigned threads) : threads_(threads) {}

    // The load threads:

    /// Ends a phase and waits for the next. False: there is none.
    bool arrive();
    /// As arrive(), but for good.
    void leave();
    /// `count` of the others have left, or arrived.
    bool have_left(unsigned count);
    /// Says why the trial cannot go on; the first to say so is heard.
    void report(Error error);
    void add_open_connections(std::uint32_t count, const std::string& first_error);
    Window window();

    // The coordinator:

    /// Waits until all have arrived, or until `deadline`. True if all have.
    bool wait_all(TimePoint deadline);
    /// Lets all go on to the next phase.
    void release();
    void set_window(const Window& window);
    /// No phase follows: whoever waits, or will, is told so.
    void end();
    std::optional<Error> error();
    std::uint32_t open_connections();
    std::string connect_error();

private:
    Mutex mutex_;
    std::condition_variable_any changed_;
    const unsigned threads_;
    unsigned arrived_ KVDUEL_GUARDED_BY(mutex_) = 0;
    unsigned phase_ KVDUEL_GUARDED_BY(mutex_) = 0;
    bool has_ended_ KVDUEL_GUARDED_BY(mutex_) = false;
    std::uint32_t open_connections_ KVDUEL_GUARDED_BY(mutex_) = 0;
    std::string connect_error_ KVDUEL_GUARDED_BY(mutex_);
    std::optional<Error> error_ KVDUEL_GUARDED_BY(mutex_);
    Window window_ KVDUEL_GUARDED_BY(mutex_);
};

} // namespace kvduel::load
