#pragma once

#include "servers/references/beast-stock/service.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_set>
#include <vector>

namespace kvduel::beast_stock {

class Session;

/// The sessions there are, so that a drain can reach them. Any thread may call.
class Sessions {
public:
    void add(Session& session);
    void remove(Session& session) noexcept;

    /// Those that wait for a request are ended; the others end with the answer they are at. `when_none` is
    /// called once none is left, by any thread and under a lock: it may post and do no more.
    void stop(std::function<void()> when_none);
    /// Ends them all, whatever they are at.
    void cut();
    bool is_stopping() const noexcept { return is_stopping_; }

private:
    /// Let go without the lock: a session that ends takes it.
    std::vector<std::shared_ptr<Session>> alive() const;

    mutable std::mutex mutex_;
    std::unordered_set<Session*> sessions_; ///< under mutex_
    std::function<void()> when_none_;       ///< under mutex_
    std::atomic<bool> is_stopping_ = false;
};

/// One connection: read a request, do its work, write the answer, again. Its handlers run on its strand, and
/// its operations keep it alive.
class Session : public std::enable_shared_from_this<Session> {
public:
    Session(boost::asio::ip::tcp::socket socket, Service& service, Sessions& sessions);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    /// Any thread may call these.
    void start();
    void stop();
    void cut();

private:
    bool is_idle();
    void read();
    void on_read(const boost::beast::error_code& error);
    void write();
    void on_write(const boost::beast::error_code& error);

    boost::beast::tcp_stream stream_;
    boost::asio::steady_timer wait_;
    Service& service_;
    Sessions& sessions_;
    boost::beast::flat_buffer buffer_;
    std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser_;
    Response response_;
    bool is_reading_ = false;
};

} // namespace kvduel::beast_stock
