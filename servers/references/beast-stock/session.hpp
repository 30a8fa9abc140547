#pragma once

#include "servers/references/beast-stock/service.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_set>

namespace kvduel::beast_stock {

class Session;

/// The sessions there are, so that a drain can reach them. Any thread may call.
class Sessions {
public:
    void add(Session& session);
    void remove(Session& session) noexcept;

    /// Those that wait for a request are ended; the others end with the answer they are at.
    void stop();
    bool is_stopping() const;

private:
    mutable std::mutex mutex_;
    std::unordered_set<Session*> sessions_; ///< under mutex_
    bool is_stopping_ = false;              ///< under mutex_
};

/// One connection: read a request, do its work, write the answer, again. Its handlers run on its strand, and
/// its operations keep it alive.
class Session : public std::enable_shared_from_this<Session> {
public:
    Session(boost::asio::ip::tcp::socket socket, Service& service, Sessions& sessions);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    /// Any thread may call both.
    void start();
    void stop();

private:
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
