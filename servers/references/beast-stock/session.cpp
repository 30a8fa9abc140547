#include "servers/references/beast-stock/session.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

#include <chrono>
#include <utility>

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
    if (is_stopping_ && sessions_.empty()) when_none_();
}

void Sessions::stop(std::function<void()> when_none) {
    {
        const std::lock_guard lock(mutex_);
        when_none_ = std::move(when_none);
        is_stopping_ = true;
        if (sessions_.empty()) when_none_();
    }
    for (const auto& session : alive()) session->stop();
}

void Sessions::cut() {
    for (const auto& session : alive()) session->cut();
}

std::vector<std::shared_ptr<Session>> Sessions::alive() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::shared_ptr<Session>> held;
    for (Session* session : sessions_)
        if (auto alive = session->weak_from_this().lock()) held.push_back(std::move(alive));
    return held;
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
        if (self->is_idle()) self->stream_.cancel();
    });
}

void Session::cut() {
    asio::dispatch(stream_.get_executor(), [self = shared_from_this()] {
        self->stream_.close();
        self->wait_.cancel();
    });
}

bool Session::is_idle() {
    beast::error_code ignored; // then nothing is available
    return is_reading_ && buffer_.size() == 0 && !parser_->got_some() &&
           stream_.socket().available(ignored) == 0;
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
    wait_.async_wait([self = shared_from_this()](const beast::error_code& cut) {
        if (!cut) self->write();
    });
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
    if (response_.keep_alive() && !sessions_.is_stopping()) return read();
    beast::error_code ignored; // the peer may have left
    stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
}

} // namespace kvduel::beast_stock
