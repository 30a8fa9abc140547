#include "servers/references/beast-stock/session.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

#include <chrono>
#include <utility>
#include <vector>

namespace kvduel::beast_stock {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr std::chrono::seconds kReadTimeout{60}; // Beast has one deadline for the idle time and the request
constexpr std::chrono::seconds kWriteTimeout{10};
constexpr std::uint32_t kMaxHeadBytes = 48 * 1024; // a key of 8 KiB may come fully escaped
constexpr std::uint64_t kMaxBodyBytes = kMaxKeyBytes + 1 + kMaxValueBytes;

} // namespace

void Sessions::add(Session& session) {
    const std::lock_guard lock(mutex_);
    sessions_.insert(&session);
}

void Sessions::remove(Session& session) noexcept {
    const std::lock_guard lock(mutex_);
    sessions_.erase(&session);
}

void Sessions::stop() {
    std::vector<std::shared_ptr<Session>> alive; // let go after the lock: a session that ends takes it
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
        for (Session* session : sessions_)
            if (auto held = session->weak_from_this().lock()) alive.push_back(std::move(held));
    }
    for (const auto& session : alive) session->stop();
}

bool Sessions::is_stopping() const {
    const std::lock_guard lock(mutex_);
    return is_stopping_;
}

Session::Session(asio::ip::tcp::socket socket, Service& service, Sessions& sessions)
    : stream_(std::move(socket)), wait_(stream_.get_executor()), service_(service), sessions_(sessions) {
    sessions_.add(*this);
}

Session::~Session() {
    sessions_.remove(*this);
}

void Session::start() {
    asio::dispatch(stream_.get_executor(), [self = shared_from_this()] { self->read(); });
}

void Session::stop() {
    asio::dispatch(stream_.get_executor(), [self = shared_from_this()] {
        if (self->is_reading_) self->stream_.cancel();
    });
}

void Session::read() {
    parser_.emplace();
    parser_->header_limit(kMaxHeadBytes);
    parser_->body_limit(kMaxBodyBytes);
    stream_.expires_after(kReadTimeout);
    is_reading_ = true;
    http::async_read(
        stream_, buffer_, *parser_,
        [self = shared_from_this()](const beast::error_code& error, std::size_t) { self->on_read(error); });
}

void Session::on_read(const beast::error_code& error) {
    is_reading_ = false;
    if (error) return; // the peer left, was late or sent what is no request: closed with the session
    const auto wait = service_.work.burn();
    if (wait.count() == 0) return write();
    wait_.expires_after(wait);
    wait_.async_wait([self = shared_from_this()](const beast::error_code&) { self->write(); });
}

void Session::write() {
    response_ = service_.handle(parser_->get());
    if (sessions_.is_stopping()) response_.keep_alive(false);
    stream_.expires_after(kWriteTimeout);
    http::async_write(
        stream_, response_,
        [self = shared_from_this()](const beast::error_code& error, std::size_t) { self->on_write(error); });
}

void Session::on_write(const beast::error_code& error) {
    if (error) return;
    if (response_.keep_alive()) return read();
    beast::error_code ignored; // the peer may have left
    stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
}

} // namespace kvduel::beast_stock
