#include "servers/threads/connection_model.hpp"

#include "servers/common/work.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <memory>
#include <new>
#include <utility>

namespace kvduel::servers::threads {
namespace {

constexpr std::size_t kStackBytes = 256 * 1024;
constexpr auto kLingerNap = std::chrono::milliseconds(10);

/// One connection's thread, told as blocking code.
class Flow {
public:
    Flow(Service& service, Lane& lane, int fd)
        : service_(service), lane_(lane), fd_(fd), conversation_(service), watch_(service.watchdog, fd) {}

    void run() noexcept {
        for (;;) {
            switch (conversation_.advance(lane_, now_)) {
            case Step::kReceive:
                if (!receive()) return;
                break;
            case Step::kSend:
                if (!flush()) return;
                break;
            case Step::kHandle: handle(); break;
            case Step::kYield: // the kernel shares the CPU among connections
                conversation_.begin_turn();
                if (!flush()) return;
                break;
            case Step::kLinger: return linger();
            case Step::kClose:
                if (has_bytes_to_read(fd_)) linger();
                return;
            case Step::kReset: return reset_on_close(fd_);
            }
        }
    }

private:
    /// False when the connection is over.
    bool receive() noexcept {
        watch_->set(conversation_.waiting(), conversation_.deadline(now_));
        const TimePoint unknown{};
        const ReceiveStatus status = receive_into(conversation_, lane_, fd_, 0, unknown);
        watch_->clear();
        const bool has_received = status == ReceiveStatus::kReceived || status == ReceiveStatus::kFilled;
        now_ = has_received ? conversation_.ready_at() : Clock::now();
        if (has_received) return true;
        if (status == ReceiveStatus::kBroken) return false;
        if (!watch_->expired()) {
            conversation_.received_end();
            return true;
        }
        const Step step = conversation_.expire(lane_, now_);
        if (step == Step::kReset) reset_on_close(fd_);
        return step != Step::kReset && step != Step::kClose;
    }

    /// False when the connection is over. The first try never blocks, so that the deadline can follow what
    /// was sent.
    bool flush() noexcept {
        for (;;) {
            std::uint64_t sent = 0;
            const SendStatus status = send_output(fd_, conversation_.output(), sent);
            conversation_.sent(sent);
            if (status == SendStatus::kSent) return true;
            if (watch_->write_expired()) {
                conversation_.expire(lane_, now_); // counts it
                reset_on_close(fd_);
                return false;
            }
            if (status == SendStatus::kBroken) return false;
            watch_->set(Waiting::kWriting, conversation_.deadline(Clock::now()));
            pollfd writable{fd_, POLLOUT, 0};
            ::poll(&writable, 1, -1); // the watchdog's shutdown ends it too
            watch_->clear();
            now_ = Clock::now(); // what comes next neither began nor became ready before
        }
    }

    void handle() noexcept {
        const WorkOrder order = service_.work.next();
        block_for(order.wait);
        burn_cpu(order.cpu);
        conversation_.handle(lane_, now_);
    }

    void linger() noexcept {
        ::shutdown(fd_, SHUT_WR);
        std::size_t drained = 0;
        const TimePoint until = Clock::now() + kLingerTime;
        if (watch_->expired()) {
            // Its receiving side is shut: recv says so at once and cannot wait, so the wait is made of naps.
            for (TimePoint now = Clock::now(); now < until; now = Clock::now()) {
                block_for(kLingerNap);
                drain_input(fd_, drained); // a close with bytes unread would be a reset
                if (service_.is_draining || drained > kMaxLingerBytes) return;
            }
            return;
        }
        watch_->set(Waiting::kLingering, until);
        pollfd readable{fd_, POLLIN, 0};
        do {
            ::poll(&readable, 1, -1); // the watchdog's shutdown ends it
        } while (!drain_input(fd_, drained));
    }

    Service& service_;
    Lane& lane_;
    const int fd_;
    Conversation conversation_;
    Enrolment watch_;
    TimePoint now_ = Clock::now();
};

} // namespace

struct ConnectionModel::Arrival {
    ConnectionModel* model;
    UniqueFd fd;
    ConnectionPlace place;
};

ConnectionModel::ConnectionModel(Service& service) : service_(service) {
    ::pthread_attr_init(&attributes_);
    ::pthread_attr_setstacksize(&attributes_, kStackBytes);
}

ConnectionModel::~ConnectionModel() {
    stop();
    ::pthread_attr_destroy(&attributes_);
}

UniqueFd ConnectionModel::deliver(UniqueFd fd, ConnectionPlace place) noexcept {
    std::unique_ptr<Arrival> arrival(new (std::nothrow) Arrival{this, std::move(fd), std::move(place)});
    if (!arrival) {
        service_.metrics.shard(0).reject(Rejection::kMemory);
        return fd; // nothing was moved out of it
    }
    {
        std::lock_guard lock(mutex_);
        ++running_;
    }
    pthread_t thread{};
    if (::pthread_create(&thread, &attributes_, run, arrival.get()) == 0) {
        static_cast<void>(arrival.release());
        return UniqueFd();
    }
    {
        std::lock_guard lock(mutex_);
        --running_;
    }
    service_.metrics.shard(0).reject(Rejection::kThread);
    return std::move(arrival->fd);
}

void* ConnectionModel::run(void* raw) noexcept {
    ConnectionModel& model = *static_cast<Arrival*>(raw)->model;
    {
        std::unique_ptr<Arrival> arrival(static_cast<Arrival*>(raw));
        use_exact_timers();
        Lane lane(model.service_.metrics.shard(model.next_lane_.fetch_add(1, std::memory_order_relaxed)));
        model.serve(std::move(arrival->fd), std::move(arrival->place), lane);
    }
    model.finish();
    return nullptr;
}

void ConnectionModel::serve(UniqueFd fd, ConnectionPlace place, Lane& lane) noexcept {
    const ConnectionPlace held = std::move(place); // given back after the descriptor is closed
    const UniqueFd socket = std::move(fd);
    try {
        Flow(service_, lane, socket.get()).run();
    } catch (const std::bad_alloc&) {
        lane.metrics().reject(Rejection::kMemory);
    }
}

void ConnectionModel::finish() noexcept {
    std::optional<pthread_t> earlier;
    {
        std::lock_guard lock(mutex_);
        earlier = std::exchange(last_finished_, ::pthread_self());
        --running_;
        none_left_.notify_all();
    }
    if (earlier) ::pthread_join(*earlier, nullptr);
}

void ConnectionModel::stop() noexcept {
    std::unique_lock lock(mutex_);
    none_left_.wait(lock, [this] { return running_ == 0; });
    const std::optional<pthread_t> last = std::exchange(last_finished_, std::nullopt);
    lock.unlock();
    if (last) ::pthread_join(*last, nullptr);
}

} // namespace kvduel::servers::threads
