#pragma once

#include "harness/load/background/disturbance.hpp"
#include "harness/load/background/malformed.hpp"

#include <vector>

namespace kvduel::load {

/// Connections that send malformed requests in a closed loop: one, its answer, the next; over again on a new
/// connection when the server closes.
class Noise : public Disturbance {
public:
    Noise(const Plan& plan, const Address& address, const Background& background, std::uint64_t first_port)
        : Disturbance(plan, address, background, first_port), shapes_(make_malformed(address.text)) {}

private:
    void opened(std::uint32_t id, TimePoint now) override {
        hold(id, true, now);
        settle(id);
        if (has_started()) act(id, now);
    }
    void served(std::uint32_t id, TimePoint now) override {
        if (is_finishing()) return enter(id, State::kResting, now);
        act(id, now);
    }
    void act(std::uint32_t id, TimePoint now) override {
        Connection& connection = connections()[id];
        const Malformed& shape =
            shapes_[malformed_index(plan().seed, id, connection.round++, shapes_.size())];
        enter(id, State::kAwaiting, now);
        send(id, shape.bytes, 1, now);
        if (shape.ends && connection.state == State::kAwaiting) end_output(id);
    }

    std::vector<Malformed> shapes_;
};

} // namespace kvduel::load
