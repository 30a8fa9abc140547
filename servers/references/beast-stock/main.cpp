#include "servers/references/beast-stock/options.hpp"
#include "servers/references/beast-stock/session.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace kvduel::beast_stock;
namespace asio = boost::asio;
using asio::ip::tcp;

constexpr int kUnavailable = 69;
constexpr std::chrono::seconds kDrainTimeout{10};

tcp::acceptor listen_at(asio::io_context& context, const tcp::endpoint& endpoint) {
    try {
        return tcp::acceptor(asio::make_strand(context), endpoint);
    } catch (const boost::system::system_error& error) {
        const std::string address = endpoint.address().to_string() + ":" + std::to_string(endpoint.port());
        fail(kUnavailable, address + ": " + error.code().message());
    }
}

void announce(const tcp::endpoint& bound) {
    std::printf(R"({"event":"listening","host":"%s","port":%u,"pid":%d})"
                "\n",
                bound.address().to_string().c_str(), static_cast<unsigned>(bound.port()), ::getpid());
    if (std::fflush(stdout) != 0) fail(kUnavailable, "cannot announce the port");
}

/// Each connection gets a strand of its own: its session needs no lock.
void accept(asio::io_context& context, tcp::acceptor& acceptor, Service& service, Sessions& sessions) {
    acceptor.async_accept(asio::make_strand(context),
                          [&](const boost::system::error_code& error, tcp::socket socket) {
                              if (!acceptor.is_open()) return;
                              if (!error) {
                                  boost::system::error_code ignored; // the peer may have left
                                  socket.set_option(tcp::no_delay(true), ignored);
                                  std::make_shared<Session>(std::move(socket), service, sessions)->start();
                              }
                              accept(context, acceptor, service, sessions);
                          });
}

} // namespace

int main(int argc, char** argv) {
    const Options options = parse_options(argc, argv);
    Service service(options.work_cpu, options.work_wait);
    Sessions sessions;
    asio::io_context context(options.threads);
    tcp::acceptor acceptor = listen_at(context, options.listen);
    asio::steady_timer drain_limit(acceptor.get_executor());
    asio::signal_set stops(acceptor.get_executor(), SIGINT, SIGTERM);
    stops.async_wait([&](const boost::system::error_code&, int) {
        acceptor.close();
        drain_limit.expires_after(kDrainTimeout);
        drain_limit.async_wait([&](const boost::system::error_code& none_left) {
            if (!none_left) sessions.cut();
        });
        sessions.stop([&] { asio::post(drain_limit.get_executor(), [&] { drain_limit.cancel(); }); });
    });
    accept(context, acceptor, service, sessions);
    announce(acceptor.local_endpoint());

    std::vector<std::jthread> threads; // end when nothing is left to do: after a stop
    for (int i = 1; i < options.threads; ++i) threads.emplace_back([&] { context.run(); });
    context.run();
    return 0;
}
