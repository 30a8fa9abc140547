#include "servers/async/event_loop.hpp"

#include "servers/common/work.hpp"

namespace kvduel::servers::async {
namespace {

thread_local Lane* current_lane = nullptr;

/// A loop of one thread needs no lock around descriptors; post() from other threads stays safe under this
/// hint. The hint for several threads is the default.
int concurrency_hint(unsigned threads) noexcept {
    return threads == 1 ? static_cast<int>(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO) : static_cast<int>(threads);
}

} // namespace

EventLoop::EventLoop(Service& service, unsigned threads, std::size_t first_lane)
    : service_(service), thread_count_(threads), first_lane_(first_lane), context_(concurrency_hint(threads)),
      turns_(context_.get_executor(), threads), keeps_running_(context_.get_executor()) {}

void EventLoop::start() {
    for (std::size_t i = 0; i < thread_count_; ++i)
        threads_.emplace_back([this, i] { run(first_lane_ + i); });
}

void EventLoop::stop() noexcept {
    keeps_running_.reset();
    threads_.clear();
}

Lane& EventLoop::this_lane() noexcept {
    return *current_lane;
}

void EventLoop::run(std::size_t lane_number) {
    use_exact_timers();
    Lane lane(service_.metrics.shard(lane_number));
    current_lane = &lane;
    context_.run();
}

} // namespace kvduel::servers::async
