#pragma once

#include "harness/load/background/disturbance.hpp"

namespace kvduel::load {

/// Connections that are opened before the warm-up, proven alive by one request, and then silent. One that is
/// lost stays lost.
class Idle : public Disturbance {
public:
    using Disturbance::Disturbance;

private:
    void opened(std::uint32_t id, TimePoint now) override {
        if (has_started()) return; // it rests already
        enter(id, State::kAwaiting, now);
        send(id, get_request(id), 1, now);
    }
    void served(std::uint32_t id, TimePoint now) override {
        hold(id, true, now);
        enter(id, State::kResting, now);
        settle(id);
    }
    void act(std::uint32_t, TimePoint) override {}
    bool is_reopened() const noexcept override { return false; }
};

} // namespace kvduel::load
