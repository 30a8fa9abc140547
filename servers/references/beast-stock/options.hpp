#pragma once

#include "servers/references/beast-stock/work.hpp"

#include <boost/asio/ip/tcp.hpp>

namespace kvduel::beast_stock {

/// What the program can be told. Flags are spelled as those of kvduel-threads and kvduel-async.
struct Options {
    boost::asio::ip::tcp::endpoint listen;
    int threads = 1;
    Share work_cpu;
    Share work_wait;
};

/// Reads the command line. --help ends the program with 0, a bad flag or value with 64 and one line on
/// stderr.
Options parse_options(int argc, const char* const* argv);

/// Ends the program with `status` and one line on stderr.
[[noreturn]] void fail(int status, const std::string& why);

} // namespace kvduel::beast_stock
