#pragma once

#include "core/support/unique_fd.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <atomic>
#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace kvduel::load {

/// For tests: a server on a free port of the loopback whose every answer a script decides. One thread; the
/// script runs on it and needs no lock for what it alone uses.
class ScriptedServer {
public:
    struct Request {
        std::string method;
        std::string target;
        std::string body;
        bool asks_close = false;
        std::uint64_t connection = 0; ///< number of the connection, from 0
        std::uint64_t index = 0;      ///< number of the request on it, from 0
        std::uint64_t number = 0;     ///< number of the request in all, from 0
    };
    enum class After { kKeep, kFinish, kReset };
    struct Answer {
        std::string bytes;
        After after = After::kKeep;
        bool in_pieces = false; ///< a byte a segment
    };
    using Script = std::function<Answer(const Request&)>;

    explicit ScriptedServer(Script script)
        : script_(std::move(script)), epoll_(::epoll_create1(0)), stop_(::eventfd(0, 0)),
          listener_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* where = reinterpret_cast<sockaddr*>(&address);
        if (::bind(listener_.get(), where, size) != 0 || ::listen(listener_.get(), 512) != 0 ||
            ::getsockname(listener_.get(), where, &size) != 0)
            throw std::runtime_error("no port for the test's server");
        port_ = ntohs(address.sin_port);
        watch(listener_.get());
        watch(stop_.get());
        thread_ = std::thread([this] { serve(); });
    }
    ~ScriptedServer() { stop(); }
    ScriptedServer(const ScriptedServer&) = delete;
    ScriptedServer& operator=(const ScriptedServer&) = delete;

    /// Ends the server; what the script wrote may be read after.
    void stop() {
        if (!thread_.joinable()) return;
        const std::uint64_t one = 1;
        if (::write(stop_.get(), &one, sizeof one) < 0) std::terminate();
        thread_.join();
    }

    std::uint16_t port() const noexcept { return port_; }
    std::uint64_t requests() const noexcept { return requests_; }
    std::uint64_t connections() const noexcept { return accepted_; }
    /// The most requests that one read brought.
    std::uint64_t deepest_batch() const noexcept { return deepest_batch_; }
    /// New connections find nobody from now on; safe from any thread and the script.
    void stop_listening() noexcept { ::shutdown(listener_.get(), SHUT_RDWR); }

    static std::string ok(std::string_view body, std::string_view fields = {}) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
               std::string(fields) + "\r\n" + std::string(body);
    }
    static std::string status(int code) {
        return "HTTP/1.1 " + std::to_string(code) + " Status\r\nContent-Length: 0\r\n\r\n";
    }

private:
    struct Peer {
        UniqueFd fd;
        std::string input;
        std::uint64_t number = 0;
        std::uint64_t served = 0;
        bool is_finished = false; ///< FIN sent: reads until the peer closes
    };

    void watch(int fd) {
        epoll_event event{.events = EPOLLIN, .data = {.fd = fd}};
        ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event);
    }

    void serve() {
        while (true) {
            epoll_event events[64];
            const int count = ::epoll_wait(epoll_.get(), events, 64, -1);
            for (int i = 0; i < count; ++i) {
                const int fd = events[i].data.fd;
                if (fd == stop_.get()) return;
                if (fd == listener_.get())
                    accept();
                else if (const auto peer = peers_.find(fd); peer != peers_.end() && !receive(peer->second))
                    peers_.erase(peer);
            }
        }
    }

    void accept() {
        UniqueFd fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK));
        if (!fd) {
            if (errno == EINVAL) ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, listener_.get(), nullptr);
            return;
        }
        const int on = 1;
        ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        watch(fd.get());
        const int key = fd.get();
        peers_[key] = {.fd = std::move(fd), .input = {}, .number = accepted_++};
    }

    /// False if the connection is to go.
    bool receive(Peer& peer) {
        char buffer[65'536];
        const ssize_t count = ::recv(peer.fd.get(), buffer, sizeof buffer, 0);
        if (count <= 0) return count < 0 && errno == EAGAIN;
        if (peer.is_finished) return true;
        peer.input.append(buffer, static_cast<std::size_t>(count));
        std::uint64_t batch = 0;
        for (Request request; take(peer, request); ++batch)
            if (!answer(peer, script_(request))) return false;
        if (batch > deepest_batch_) deepest_batch_ = batch;
        return true;
    }

    bool take(Peer& peer, Request& request) {
        const std::size_t head = peer.input.find("\r\n\r\n");
        if (peer.is_finished || head == std::string::npos) return false;
        const std::string_view text = std::string_view(peer.input).substr(0, head + 2);
        const std::size_t length_at = text.find("Content-Length: ");
        const std::size_t length =
            length_at == std::string_view::npos ? 0 : std::strtoul(text.data() + length_at + 16, nullptr, 10);
        if (peer.input.size() < head + 4 + length) return false;
        const std::size_t space = text.find(' ');
        request.method = text.substr(0, space);
        request.target = text.substr(space + 1, text.find(' ', space + 1) - space - 1);
        request.asks_close = text.find("Connection: close") != std::string_view::npos;
        request.body = peer.input.substr(head + 4, length);
        request.connection = peer.number;
        request.index = peer.served++;
        request.number = requests_++;
        peer.input.erase(0, head + 4 + length);
        return true;
    }

    bool answer(Peer& peer, const Answer& answer) {
        const std::size_t step = answer.in_pieces ? 1 : answer.bytes.size();
        for (std::size_t at = 0; at < answer.bytes.size(); at += step)
            send_all(peer.fd.get(), std::string_view(answer.bytes).substr(at, step));
        if (answer.after == After::kReset) {
            const linger now{.l_onoff = 1, .l_linger = 0};
            ::setsockopt(peer.fd.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
            return false;
        }
        if (answer.after == After::kFinish) {
            ::shutdown(peer.fd.get(), SHUT_WR);
            peer.is_finished = true;
        }
        return true;
    }

    /// A test's answers fit the socket's buffer, or the peer is reading: waiting here is bounded by the peer.
    static void send_all(int fd, std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent < 0 && errno != EAGAIN) return;
            if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }

    Script script_;
    UniqueFd epoll_;
    UniqueFd stop_;
    UniqueFd listener_;
    std::uint16_t port_ = 0;
    std::atomic<std::uint64_t> requests_ = 0;
    std::atomic<std::uint64_t> accepted_ = 0;
    std::atomic<std::uint64_t> deepest_batch_ = 0;
    std::map<int, Peer> peers_;
    std::thread thread_;
};

/// The store of a script that behaves: POST key=value, GET /key.
class ScriptedStore {
public:
    std::string operator()(const ScriptedServer::Request& request) {
        if (request.method == "POST") {
            const std::size_t equals = request.body.find('=');
            values_[request.body.substr(0, equals)] = request.body.substr(equals + 1);
            return ScriptedServer::ok("Key inserted");
        }
        const auto found = values_.find(request.target.substr(1));
        return found == values_.end() ? ScriptedServer::status(404) : ScriptedServer::ok(found->second);
    }

private:
    std::map<std::string, std::string> values_;
};

} // namespace kvduel::load
