#pragma once

#include "servers/common/lane.hpp"
#include "servers/common/model.hpp"
#include "servers/threads/job_channel.hpp"
#include "servers/threads/options.hpp"
#include "servers/threads/pooled_connection.hpp"

#include <cstdint>
#include <thread>
#include <vector>

namespace kvduel::servers::threads {

/// The goroutine-style pool: one poller watches all connections and sends those with something to do over the
/// channel; a fixed number of workers serve them with blocking handlers. A worker waits in a handler and
/// nowhere else: a connection that has no whole request, or whose peer does not read, goes back to the
/// poller. When the channel is full the poller itself reads and answers 503, and never runs a handler.
class ChannelModel : public Model {
public:
    /// For the Service that this model will serve.
    static void close_abandoned(void* connection) noexcept;

    ChannelModel(Service& service, const ThreadsOptions& options);
    ~ChannelModel() override { ChannelModel::stop(); }

    void start() override;
    UniqueFd deliver(UniqueFd fd, ConnectionPlace place) noexcept override;
    int accept_flags() const noexcept override {
        return 0;
    } // every call that must not block says MSG_DONTWAIT
    void stop() noexcept override;
    ModelGauges gauges() const override;

private:
    void poll_connections();
    void work(std::size_t worker);

    void serve(PooledConnection& connection, Lane& lane, TimePoint now, bool sheds);
    /// What became of one receive.
    enum class Received : std::uint8_t {
        kSome,  ///< what there was, or the end
        kMore,  ///< and there may be more
        kLetGo, ///< nothing: the connection is parked or closed
    };
    Received receive(PooledConnection& connection, Lane& lane, TimePoint now);
    bool flush(PooledConnection& connection, Lane& lane, TimePoint now);
    void handle(PooledConnection& connection, Lane& lane, TimePoint now);
    bool requeue(PooledConnection& connection);
    void park(PooledConnection& connection, std::uint32_t events, TimePoint now) noexcept;
    bool arm(PooledConnection& connection, int operation, std::uint32_t events) noexcept;
    void linger(PooledConnection& connection, TimePoint now);
    void close(PooledConnection& connection) noexcept;

    Service& service_;
    const std::uint32_t stay_budget_;
    JobChannel channel_;
    UniqueFd epoll_;
    UniqueFd wake_;
    std::jthread poller_;
    std::vector<std::jthread> workers_;
};

} // namespace kvduel::servers::threads
