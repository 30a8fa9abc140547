#pragma once

#include "core/support/mutex.hpp"
#include "servers/common/lane.hpp"
#include "servers/common/model.hpp"
#include "servers/common/socket.hpp"

#include <pthread.h>

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>

namespace kvduel::servers::threads {

/// A thread for each connection: plain blocking code, one flow a thread, as many threads as connections.
class ConnectionModel : public Model {
public:
    /// Threads beyond this number share their figures' shards.
    static constexpr std::size_t kLanes = 16;

    explicit ConnectionModel(Service& service);
    ~ConnectionModel() override;

    void start() override {} // threads come with connections
    UniqueFd deliver(UniqueFd fd, ConnectionPlace place) noexcept override;
    int accept_flags() const noexcept override { return 0; }
    void stop() noexcept override;
    ModelGauges gauges() const override { return {}; }

private:
    struct Arrival;

    static void* run(void* arrival) noexcept;
    void serve(UniqueFd fd, ConnectionPlace place, Lane& lane) noexcept;
    void finish() noexcept;

    Service& service_;
    pthread_attr_t attributes_{};
    std::atomic<std::size_t> next_lane_{0};

    std::mutex mutex_;
    std::condition_variable none_left_;
    std::size_t running_ = 0; ///< under mutex_
    std::optional<pthread_t>
        last_finished_; ///< under mutex_; every thread joins the one that ended before it
};

} // namespace kvduel::servers::threads
