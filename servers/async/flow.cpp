#include "servers/async/flow.hpp"

#include "servers/async/operation_memory.hpp"
#include "servers/async/wait_timer.hpp"
#include "servers/common/conversation.hpp"
#include "servers/common/overflow.hpp"
#include "servers/common/socket.hpp"
#include "servers/common/watchdog.hpp"
#include "servers/common/work.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

#include <sys/socket.h>

namespace kvduel::servers::async {
namespace {

namespace asio = boost::asio;
using Socket = asio::basic_stream_socket<asio::ip::tcp, EventLoop::Executor>;

// Awaited in place (no frame a call), errors as values.
constexpr auto kAwait = asio::as_tuple(asio::deferred);

/// What is given back when the connection is over, in this order from last to first: the place under the cap,
/// the count of the loop, the descriptor (the socket), the place in the watchdog's table.
struct Held {
    explicit Held(EventLoop& on) noexcept : place(on.service().connections), loop(on) {}
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;
    ~Held() { loop.connections.fetch_sub(1, std::memory_order_relaxed); }

    ConnectionPlace place;
    EventLoop& loop;
};

bool take_over(Socket& socket, UniqueFd& fd) {
    boost::system::error_code error;
    socket.assign(asio::ip::tcp::v4(), fd.get(),
                  error); // the family only matters to calls that are never made
    if (error) return false;
    static_cast<void>(fd.release());
    socket.non_blocking(true, error);
    return !error;
}

} // namespace

Flow serve_connection(EventLoop* loop, int raw_fd) {
    Held held(*loop);
    Service& service = loop->service();
    UniqueFd arrived(raw_fd);
    OperationMemory memory;
    try {
        Socket socket(loop->executor());
        // Fails where the kernel has no room for another watch. Asio 1.81 then keeps its record of the
        // descriptor, some 200 bytes, until the end.
        const bool is_ours = take_over(socket, arrived);
        if (!is_ours) {
            EventLoop::this_lane().metrics().reject(Rejection::kMemory);
            Overflow::tell(arrived.get());
            auto queued = memory.of(asio::post(loop->executor(), kAwait));
            static_cast<void>(co_await std::move(queued));
            co_return;
        }
        const int fd = socket.native_handle();
        Conversation conversation(service);
        Enrolment watch(service.watchdog, fd);
        WaitTimer timer(*loop);
        TurnQueue::Place place;
        TimePoint now = Clock::now();
        std::size_t drained = 0;

        for (;;) {
            Step step = conversation.advance(EventLoop::this_lane(), now);

            if (step == Step::kReceive) {
                const std::span<char> space = conversation.receive_space(EventLoop::this_lane());
                if (space.empty()) break;
                const auto buffer = asio::buffer(space.data(), space.size());
                watch->set(conversation.waiting(), conversation.deadline(now));
                auto reading = memory.of(socket.async_read_some(buffer, kAwait));
                auto result = co_await std::move(reading);
                watch->clear();
                now = Clock::now();
                auto& [error, received] = result;
                if (!error) {
                    conversation.received(received, now);
                    continue;
                }
                if (error != asio::error::eof) co_return;
                if (!watch->expired()) {
                    conversation.received_end();
                    continue;
                }
                step = conversation.expire(EventLoop::this_lane(), now);
            }

            if (step == Step::kSend || step == Step::kYield) {
                std::uint64_t sent = 0;
                const SendStatus status = send_output(fd, conversation.output(), sent);
                conversation.sent(sent);
                if (status == SendStatus::kSent && step == Step::kSend) continue;
                if (status != SendStatus::kSent && watch->write_expired())
                    step = conversation.expire(EventLoop::this_lane(), now);
                else if (status == SendStatus::kBroken)
                    co_return;
                else if (status == SendStatus::kBlocked) {
                    watch->set(Waiting::kWriting, conversation.deadline(now));
                    auto writable = memory.of(socket.async_wait(Socket::wait_write, kAwait));
                    static_cast<void>(co_await std::move(writable)); // the next send tells what became of it
                    watch->clear();
                    now = Clock::now();
                    continue;
                }
            }

            switch (step) {
            case Step::kHandle: {
                const WorkOrder order = service.work.next();
                if (order.wait.count() > 0) {
                    // At once: timers set together, after a turn, would end together, and the connections
                    // would go on as one convoy that is read and answered after the wait instead of within
                    // it.
                    auto waited = memory.of(timer.after(order.wait).async_wait(kAwait));
                    static_cast<void>(co_await std::move(waited));
                    if (order.cpu.count() > 0) co_await loop->turns().next(place);
                } else if (service.work.computes()) {
                    // In turn, so that the in-flight cap can bite: with handlers that ran at once a loop
                    // would have one request in flight, and the rest would wait unseen in their sockets.
                    co_await loop->turns().next(place);
                    now = Clock::now();
                }
                burn_cpu(order.cpu);
                conversation.handle(EventLoop::this_lane(), now);
                break;
            }
            case Step::kYield: {
                conversation.begin_turn();
                auto queued = memory.of(asio::post(loop->executor(), kAwait));
                static_cast<void>(co_await std::move(queued));
                now = Clock::now(); // what it waited behind others is queue wait, as in the pool
                break;
            }
            case Step::kClose:
                if (!has_bytes_to_read(fd)) co_return;
                [[fallthrough]];
            case Step::kLinger: {
                ::shutdown(fd, SHUT_WR);
                now = Clock::now();
                if (watch->expired()) {
                    // The receiving side is shut too: nothing tells when the peer closes, so time alone ends
                    // it.
                    auto waited = memory.of(timer.after(kLingerTime).async_wait(kAwait));
                    static_cast<void>(co_await std::move(waited));
                    drain_input(fd, drained); // a close with bytes unread would be a reset
                    co_return;
                }
                watch->set(Waiting::kLingering, now + kLingerTime);
                while (!drain_input(fd, drained)) {
                    auto readable = memory.of(socket.async_wait(Socket::wait_read, kAwait));
                    static_cast<void>(co_await std::move(readable)); // the next look tells
                }
                co_return;
            }
            case Step::kReset: reset_on_close(fd); co_return;
            default: break; // kReceive and kSend were carried out above
            }
        }
    } catch (const std::bad_alloc&) {
        EventLoop::this_lane().metrics().reject(Rejection::kMemory);
    }
    // For whoever never waited: Asio would post the end of such a coroutine itself, with memory that it may
    // not find.
    auto queued = memory.of(asio::post(loop->executor(), kAwait));
    static_cast<void>(co_await std::move(queued));
}

} // namespace kvduel::servers::async
