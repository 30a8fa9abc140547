#pragma once

#include "servers/async/event_loop.hpp"
#include "servers/async/options.hpp"
#include "servers/common/model.hpp"

#include <memory>
#include <vector>

namespace kvduel::servers::async {

/// The tokio-style server: a coroutine a connection, which gives its thread away whenever it waits.
/// `per-core` deals each connection to the loop that has the fewest, where it stays; on `shared` any thread
/// may go on with any connection.
class AsyncModel : public Model {
public:
    AsyncModel(Service& service, const AsyncOptions& options);
    ~AsyncModel() override { AsyncModel::stop(); }

    void start() override;
    UniqueFd deliver(UniqueFd fd, ConnectionPlace place) noexcept override;
    int accept_flags() const noexcept override;
    void stop() noexcept override;
    ModelGauges gauges() const override;

private:
    Service& service_;
    std::vector<std::unique_ptr<EventLoop>> loops_;
};

} // namespace kvduel::servers::async
