#pragma once

#include "servers/common/conversation.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <string>
#include <string_view>

namespace kvduel::servers {

inline Options small_options() {
    Options options;
    options.threads = 1;
    options.store = store::find_store("mutex");
    options.max_memory_bytes = 4 << 20;
    return options;
}

/// A server without sockets: bytes in, bytes out, and the time stands where the test put it.
struct Desk {
    explicit Desk(const Options& options = small_options()) : service(options, "test", "test", 1) {
        service.gauges = [] { return ModelGauges{}; };
    }

    void feed(std::string_view bytes) {
        while (!bytes.empty()) {
            bytes.remove_prefix(receive(bytes));
            run();
        }
    }

    /// Bytes that came and that nobody has looked at; gives how many there was room for.
    std::size_t receive(std::string_view bytes) {
        const std::span<char> space = conversation.receive_space(lane);
        REQUIRE_FALSE(space.empty());
        const std::size_t count = std::min(space.size(), bytes.size());
        std::memcpy(space.data(), bytes.data(), count);
        conversation.received(count, now);
        return count;
    }

    /// A request whose answer is made and not taken.
    void answer(std::string_view request) {
        REQUIRE(receive(request) == request.size());
        REQUIRE(conversation.advance(lane, now) == Step::kHandle);
        conversation.handle(lane, now);
    }

    void run() {
        for (;;) {
            last = conversation.advance(lane, now, sheds);
            if (last == Step::kHandle) {
                ++handled;
                conversation.handle(lane, now);
            } else if (last == Step::kSend) {
                take_output();
            } else if (last == Step::kYield) {
                ++yields;
                take_output();
                conversation.begin_turn();
            } else {
                return;
            }
        }
    }

    void take_output() {
        std::array<iovec, Output::kMaxPieces> pieces;
        while (conversation.output().unsent() > 0) {
            const std::size_t used = conversation.output().gather(pieces);
            std::size_t size = 0;
            for (std::size_t i = 0; i < used; ++i) {
                sent.append(static_cast<const char*>(pieces[i].iov_base), pieces[i].iov_len);
                size += pieces[i].iov_len;
            }
            conversation.output().consume(size);
        }
    }

    std::size_t answers() const {
        std::size_t count = 0;
        for (std::size_t at = sent.find("HTTP/1.1 "); at != std::string::npos;
             at = sent.find("HTTP/1.1 ", at + 1))
            ++count;
        return count;
    }
    bool has(std::string_view text) const { return sent.find(text) != std::string::npos; }

    Service service;
    Lane lane{service.metrics.shard(0)};
    Conversation conversation{service};
    TimePoint now = TimePoint{} + std::chrono::seconds(1000);
    bool sheds = false;
    Step last = Step::kReceive;
    int handled = 0;
    int yields = 0;
    std::string sent;
};

inline std::string put(std::string_view key, std::string_view value) {
    return "PUT /" + std::string(key) +
           " HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(value.size()) + "\r\n\r\n" +
           std::string(value);
}
inline std::string get(std::string_view key) {
    return "GET /" + std::string(key) + " HTTP/1.1\r\nHost: h\r\n\r\n";
}

} // namespace kvduel::servers
