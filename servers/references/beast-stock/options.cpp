#include "servers/references/beast-stock/options.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/ip/address.hpp>
#include <sched.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

namespace kvduel::beast_stock {
namespace {

namespace ip = boost::asio::ip;

constexpr int kUsage = 64;
constexpr int kMaxThreads = 1'024;

std::optional<ip::tcp::endpoint> parse_endpoint(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const std::string_view digits = text.substr(colon + 1);
    std::uint16_t port = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (read.ec != std::errc() || read.ptr != digits.data() + digits.size()) return std::nullopt;

    std::string_view host = text.substr(0, colon);
    if (host == "localhost") host = "127.0.0.1";
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    boost::system::error_code error;
    const ip::address address = ip::make_address(std::string(host), error);
    if (error) return std::nullopt;
    return ip::tcp::endpoint(address, port);
}

/// std::thread::hardware_concurrency() counts CPUs that this process may not run on.
int usable_cpus() noexcept {
    cpu_set_t set;
    return ::sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

/// The callback of a flag whose text is read by `parse`; a text it cannot read is an error that says
/// `allowed`.
template <typename Value>
auto reader(Value& into, std::string flag, std::optional<Value> (*parse)(std::string_view),
            std::string allowed) {
    return [&into, flag = std::move(flag), parse, allowed = std::move(allowed)](const std::string& text) {
        const std::optional<Value> value = parse(text);
        if (!value) throw CLI::ValidationError(flag + " " + text, allowed);
        into = *value;
    };
}

} // namespace

Options parse_options(int argc, const char* const* argv) {
    Options options;
    options.listen = *parse_endpoint("127.0.0.1:8080");
    options.threads = usable_cpus();
    const std::string share =
        "not a work share; allowed: N or N@P%, N whole microseconds from 0 to 60000000, "
        "P above 0 up to 100";
    const std::string endpoint = "not an address; allowed: IPV4:PORT, [IPV6]:PORT, localhost:PORT";
    std::string store = "mutex";

    CLI::App app{"Boost.Beast as its documentation teaches it.", "kvduel-beast-stock"};
    app.add_option_function<std::string>("--listen",
                                         reader(options.listen, "--listen", parse_endpoint, endpoint),
                                         "HOST:PORT to listen on; port 0 picks a free one [127.0.0.1:8080]");
    app.add_option("--threads", options.threads, "threads that run the io_context [the CPUs]")
        ->check(CLI::Range(1, kMaxThreads));
    app.add_option("--store", store, "one map behind one mutex")->check(CLI::IsMember({"mutex"}));
    app.add_option_function<std::string>("--work-cpu-us",
                                         reader(options.work_cpu, "--work-cpu-us", parse_share, share),
                                         "N[@P%]: burn N us of CPU in the handler, for P% of requests [0]");
    app.add_option_function<std::string>("--work-wait-us",
                                         reader(options.work_wait, "--work-wait-us", parse_share, share),
                                         "N[@P%]: wait N us in the handler, for P% of requests [0]");
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& answer) {
        std::exit(app.exit(answer));
    } catch (const CLI::ParseError& error) {
        const std::string why = error.what(); // may have several lines
        fail(kUsage, why.substr(0, why.find('\n')));
    }
    return options;
}

void fail(int status, const std::string& why) {
    std::fprintf(stderr, "kvduel-beast-stock: %s\n", why.c_str());
    std::exit(status);
}

} // namespace kvduel::beast_stock
