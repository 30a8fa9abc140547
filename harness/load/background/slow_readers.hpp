#pragma once

#include "harness/load/background/disturbance.hpp"

#include <string>

namespace kvduel::load {

/// Connections that ask for as many values in a row as make kBatchBytes of answers, one at least, and take
/// kReadBytes of them each kPeriod: 5 kB/s, under the 16 KiB/s that our servers ask of a peer in the long
/// run. A small receive buffer, and segments as of a network instead of loopback's 64 KiB, leave what is not
/// read with the server.
class SlowReaders : public Disturbance {
public:
    static constexpr std::size_t kBatchBytes = 256 * 1024;
    static constexpr std::uint32_t kMaxBatch = 1'024; ///< requests
    static constexpr std::size_t kReadBytes = 512;
    static constexpr Duration kPeriod = std::chrono::milliseconds(100);
    static constexpr int kReceiveBytes = 4'096;
    static constexpr int kSegmentBytes = 1'460;
    static constexpr int kLastReceiveBytes = 65'536; ///< when the load is over and the rest is read

    SlowReaders(const Plan& plan, const Address& address, const Background& background,
                std::uint64_t first_port)
        : Disturbance(plan, address, background, first_port) {
        constexpr std::size_t kHeadBytes = 150; // of an answer, about
        const std::size_t wanted = kBatchBytes / (plan.workload.value_bytes + kHeadBytes) + 1;
        batch_ = static_cast<std::uint32_t>(std::min<std::size_t>(wanted, kMaxBatch));
        channel_options_.receive_bytes = kReceiveBytes;
        channel_options_.segment_bytes = kSegmentBytes;
        period_ = kPeriod;
    }

    void finish() override {
        Disturbance::finish();
        for (std::uint32_t id = 0; id < connections().size(); ++id)
            if (connections()[id].channel.is_open()) {
                connections()[id].channel.set_receive_bytes(kLastReceiveBytes);
                while (receive(id, kLastReceiveBytes, Clock::now())) {
                } // bounded by its batch
            }
    }

private:
    void opened(std::uint32_t id, TimePoint now) override {
        hold(id, true, now);
        settle(id);
        if (has_started()) enter(id, State::kPaced, now);
    }
    void served(std::uint32_t, TimePoint) override {} // asks again when its next period is over
    void act(std::uint32_t id, TimePoint now) override {
        if (connections()[id].owed > 0) {
            receive(id, kReadBytes, now);
            return;
        }
        std::string requests;
        const std::string one = get_request(id);
        requests.reserve(one.size() * batch_);
        for (std::uint32_t i = 0; i < batch_; ++i) requests += one;
        send(id, requests, batch_, now);
    }
    bool reads_at_once() const noexcept override { return false; }

    std::uint32_t batch_;
};

} // namespace kvduel::load
