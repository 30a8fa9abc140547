#include "servers/async/async_model.hpp"

#include "servers/async/flow.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <sys/socket.h>

#include <algorithm>
#include <new>

namespace kvduel::servers::async {
namespace {

namespace asio = boost::asio;

/// Takes over what serve_connection would: without memory for its frame, all is given back here.
void spawn(EventLoop& loop, int fd) noexcept {
    try {
        asio::co_spawn(loop.executor(), serve_connection(&loop, fd), asio::detached);
    } catch (const std::bad_alloc&) {
        ::close(fd);
        loop.connections.fetch_sub(1, std::memory_order_relaxed);
        loop.service().connections.closed();
        EventLoop::this_lane().metrics().reject(Rejection::kMemory);
    }
}

} // namespace

AsyncModel::AsyncModel(Service& service, const AsyncOptions& options) : service_(service) {
    if (options.runtime == Runtime::kShared) {
        loops_.push_back(std::make_unique<EventLoop>(service, options.threads, 0));
        return;
    }
    for (std::size_t i = 0; i < options.threads; ++i)
        loops_.push_back(std::make_unique<EventLoop>(service, 1, i));
}

void AsyncModel::start() {
    for (const auto& loop : loops_) loop->start();
}

int AsyncModel::accept_flags() const noexcept {
    return SOCK_NONBLOCK;
}

UniqueFd AsyncModel::deliver(UniqueFd fd, ConnectionPlace place) noexcept {
    const auto fewest =
        std::min_element(loops_.begin(), loops_.end(), [](const auto& left, const auto& right) {
            return left->connections.load(std::memory_order_relaxed) <
                   right->connections.load(std::memory_order_relaxed);
        });
    EventLoop* const loop = fewest->get();
    loop->connections.fetch_add(1, std::memory_order_relaxed);
    try {
        // Spawned on the loop's own thread: the frame comes from that thread's cache.
        asio::post(loop->executor(), [loop, raw = fd.get()] { spawn(*loop, raw); });
        static_cast<void>(fd.release());
        place.hand_over(); // the coroutine gives both back
    } catch (const std::bad_alloc&) {
        loop->connections.fetch_sub(1, std::memory_order_relaxed);
        service_.metrics.shard(0).reject(Rejection::kMemory);
    }
    return fd;
}

void AsyncModel::stop() noexcept {
    for (const auto& loop : loops_) loop->stop();
}

ModelGauges AsyncModel::gauges() const {
    ModelGauges gauges;
    if (loops_.size() > 1) {
        for (const auto& loop : loops_) {
            gauges.connections_per_loop.push_back(loop->connections.load(std::memory_order_relaxed));
        }
    }
    return gauges;
}

} // namespace kvduel::servers::async
