#pragma once

#include "core/http/request_writer.hpp"
#include "harness/load/background/disturbance.hpp"

#include <string>
#include <string_view>

namespace kvduel::load {

/// Connections that send a byte each kPeriod, so that a request takes seconds: every other one the head of a
/// GET, the rest the body of a POST to a key of the background's own (with a path, which may be anybody's
/// server, GETs alone). A server may lose its patience: 408, or a close.
class SlowSenders : public Disturbance {
public:
    static constexpr Duration kPeriod = std::chrono::milliseconds(100);

    SlowSenders(const Plan& plan, const Address& address, const Background& background,
                std::uint64_t first_port)
        : Disturbance(plan, address, background, first_port) {
        period_ = kPeriod;
        const std::string body = "background-slow-sender=0123456789abcdef";
        post_head_ = http::write_request_head({.method = "POST",
                                               .target = "/",
                                               .host = address.text,
                                               .content_length = body.size(),
                                               .closes = false});
        post_ = post_head_ + body;
        get_ = get_request(0);
    }

    /// What is not whole by now will not be sent.
    void finish() override {
        Disturbance::finish();
        for (std::uint32_t id = 0; id < connections().size(); ++id)
            if (connections()[id].state != State::kAwaiting) drop(id, Clock::now());
    }

private:
    void opened(std::uint32_t id, TimePoint now) override {
        hold(id, true, now);
        settle(id);
        connections()[id].progress = 0;
        if (has_started()) enter(id, State::kPaced, now);
    }
    void served(std::uint32_t id, TimePoint now) override {
        connections()[id].progress = 0; // if it was not whole yet, the server has given up on it
        enter(id, State::kPaced, now);
    }
    void act(std::uint32_t id, TimePoint now) override {
        Connection& connection = connections()[id];
        const bool posts = id % 2 == 1 && !plan().workload.path;
        const std::string_view whole = posts ? post_ : get_;
        const std::size_t from = connection.progress;
        const std::size_t size = posts && from == 0 ? post_head_.size() : 1;
        connection.progress += size;
        if (connection.progress == whole.size()) enter(id, State::kAwaiting, now);
        send(id, whole.substr(from, size), from == 0 ? 1 : 0, now);
    }

    std::string post_head_;
    std::string post_;
    std::string get_;
};

} // namespace kvduel::load
