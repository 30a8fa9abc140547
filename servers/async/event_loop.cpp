#include "servers/async/event_loop.hpp"

#include "servers/common/work.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <system_error>

namespace kvduel::servers::async {
namespace {

namespace asio = boost::asio;

thread_local Lane* current_lane = nullptr;

/// A loop of one thread needs no lock around descriptors; post() from other threads stays safe under this
/// hint. The hint for several threads is the default.
int concurrency_hint(unsigned threads) noexcept {
    return threads == 1 ? static_cast<int>(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO) : static_cast<int>(threads);
}

/// Asio makes a loop's epoll at its first socket. Made here, a want of descriptors is told at the start, and
/// by std::system_error like any other.
void make_services(const EventLoop::Executor& executor) {
    try {
        static_cast<void>(asio::basic_stream_socket<asio::ip::tcp, EventLoop::Executor>(executor));
        static_cast<void>(TimerRoom::Timer(executor));
    } catch (const boost::system::system_error& error) {
        throw std::system_error(error.code(), "epoll_create1");
    }
}

} // namespace

EventLoop::EventLoop(Service& service, unsigned threads, std::size_t first_lane)
    : service_(service), thread_count_(threads), first_lane_(first_lane), context_(concurrency_hint(threads)),
      turns_(context_.get_executor(), threads), timers_(context_.get_executor()),
      keeps_running_(context_.get_executor()) {
    make_services(context_.get_executor());
}

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
