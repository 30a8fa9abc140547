#pragma once

#include "harness/tests/truth/answer.hpp"
#include "harness/tests/truth/descriptor.hpp"
#include "harness/tests/truth/schedule.hpp"

#include <string>

namespace truth {

/// One connection: bytes in, bytes out. Not thread-safe.
class Peer {
public:
    explicit Peer(Descriptor socket) noexcept : socket_(std::move(socket)) {}

    int fd() const noexcept { return socket_.get(); }

    /// Takes what has come. False: the connection is over.
    bool receive();
    /// The bytes that no request was read from yet.
    std::string_view input() const noexcept { return input_; }
    void consume(std::size_t bytes) { input_.erase(0, bytes); }

    /// Sends `answer` behind what is still on its way. False: the connection is over.
    bool send(Answer answer);
    /// Goes on sending, as far as the kernel takes it. False: the connection is over.
    bool flush();
    bool has_output() const noexcept { return !output_.empty() || ending_ == Ending::kEndless; }

    Nanoseconds last_answer = 0; ///< answers leave in the order of the requests
    bool is_watched_for_output = false;

private:
    bool end_by_reset() const;

    Descriptor socket_;
    std::string input_;
    std::string output_;
    std::string filler_; ///< of an endless answer
    Ending ending_ = Ending::kOpen;
};

} // namespace truth
