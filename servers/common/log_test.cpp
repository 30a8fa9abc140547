#include "servers/common/log.hpp"

#include "core/support/unique_fd.hpp"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <string>

namespace kvduel::servers {

namespace {

/// Stderr is a pipe that this test alone reads.
class Unread {
public:
    Unread() : saved_(::dup(STDERR_FILENO)) {
        std::array<int, 2> ends{};
        REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
        reader_.reset(ends[0]);
        ::fcntl(reader_.get(), F_SETFL, O_NONBLOCK);
        ::dup2(ends[1], STDERR_FILENO);
        ::close(ends[1]);
    }
    ~Unread() { ::dup2(saved_.get(), STDERR_FILENO); }
    Unread(const Unread&) = delete;
    Unread& operator=(const Unread&) = delete;

    void fill() {
        const std::string much(4'096, 'x');
        ::fcntl(STDERR_FILENO, F_SETFL, O_NONBLOCK);
        while (::write(STDERR_FILENO, much.data(), much.size()) > 0) {
        }
        ::fcntl(STDERR_FILENO, F_SETFL, 0);
    }
    std::string read() {
        std::string text;
        std::array<char, 4'096> piece;
        for (ssize_t size = 0; (size = ::read(reader_.get(), piece.data(), piece.size())) > 0;)
            text.append(piece.data(), static_cast<std::size_t>(size));
        return text;
    }

private:
    UniqueFd saved_;
    UniqueFd reader_;
};

} // namespace

TEST_CASE("a log of errors alone bears no warnings") {
    Unread unread;
    Log("server", LogLevel::kError).warn("nothing of it");
    Log("server", LogLevel::kInfo).warn("heard");
    CHECK(unread.read() == "server: warning: heard\n");
}

TEST_CASE("a line that nobody reads is dropped instead of waited for, and the next one says how many were") {
    Unread unread;
    const Log log("server", LogLevel::kWarn);
    log.warn("first");
    CHECK(unread.read() == "server: warning: first\n");
    unread.fill();
    log.warn("nobody reads this"); // a write would wait for good
    log.warn("nor this");
    unread.read();
    log.warn("at last");
    log.warn("and more");
    CHECK(unread.read() ==
          "server: warning: at last (2 lines before it were dropped)\nserver: warning: and more\n");
}

} // namespace kvduel::servers
