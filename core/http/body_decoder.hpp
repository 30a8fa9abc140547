#pragma once

#include "core/http/chunk_decoder.hpp"
#include "core/http/head.hpp"
#include "core/http/refusal.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace kvduel::http {

/// Takes a body out of the bytes that follow a head, by length or chunk by chunk. Sans I/O, no allocation,
/// not thread-safe. Chunk extensions and trailers are checked and dropped (contract, sections 2 and 3).
class BodyDecoder {
public:
    enum class State : std::uint8_t {
        kNeedMore, ///< all input was consumed that could be
        kData,     ///< `data` is the next piece; call again
        kDone,     ///< the body is complete; what follows `consumed` belongs to the next request
        kRefused,  ///< `refusal` says why; it always closes
    };

    struct Decoded {
        State state = State::kNeedMore;
        std::size_t consumed = 0;   ///< bytes of the input that are used up, `data` included
        std::string_view data = {}; ///< a view into the input
        Refusal refusal = {};
    };

    /// Holds no body until start(): done at once. The bounds it needs besides start()'s are constants.
    explicit BodyDecoder(const Limits&) noexcept {}

    /// Begins the body of `head`; a body over `max_bytes` is 413 when it crosses (an announced length is
    /// judged by kv::route, before any of it is read). Framing::kNone is done at once.
    void start(const Head& head, std::uint64_t max_bytes) noexcept;

    /// Decodes the front of `input`; the caller drops `consumed` bytes before it calls again.
    Decoded decode(std::string_view input) noexcept;

private:
    Decoded decode_chunked(std::string_view input) noexcept;
    Decoded refuse(Status status, std::size_t consumed) const noexcept;

    Framing framing_ = Framing::kNone;
    bool is_too_large_ = false; ///< the announced length is over the limit
    bool is_head_ = false;
    std::uint64_t left_ = 0; ///< with Framing::kLength
    ChunkDecoder chunks_{0};
};

} // namespace kvduel::http
