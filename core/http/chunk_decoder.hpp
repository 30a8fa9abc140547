#pragma once

#include "core/http/chunk_line.hpp"
#include "core/http/field_section.hpp"
#include "core/http/limits.hpp"
#include "core/http/status.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace kvduel::http {

/// Takes a chunked body apart (RFC 9112 7.1) and keeps no byte of it: every byte offered is used, so no
/// line needs to be in one piece. Extensions and trailers are checked and dropped (contract, sections 2, 3).
/// Not thread-safe; no allocation.
class ChunkDecoder {
public:
    enum class State : std::uint8_t { kNeedMore, kData, kDone, kRefused };

    /// One step. `used` bytes of the input are behind it, `data` among them.
    struct Step {
        State state = State::kNeedMore;
        std::size_t used = 0;
        std::string_view data = {}; ///< with kData: never empty
    };

    /// `max_bytes` bounds the sum of the chunks: 413 when the size of the crossing chunk is known.
    explicit ChunkDecoder(std::uint64_t max_bytes) noexcept : left_(max_bytes) {}

    Step decode(std::string_view input) noexcept;

    /// With kRefused: 400, 413 or, in the trailers, 431.
    Status refusal() const noexcept { return refusal_; }

private:
    enum class Part : std::uint8_t {
        kSizeLine,
        kData,
        kDataCarriageReturn,
        kDataLineFeed,
        kTrailers,
        kDone,
        kRefused
    };

    std::size_t read_size_line(std::string_view input) noexcept;
    void begin_chunk() noexcept;
    std::size_t read_trailers(std::string_view input) noexcept;
    void expect(char c, char wanted, Part next) noexcept;
    void refuse(Status status) noexcept;

    Part part_ = Part::kSizeLine;
    ChunkLine line_;
    std::size_t extension_bytes_ = 0; ///< of the lines before this one
    std::uint64_t left_;              ///< what the body may still hold
    std::uint64_t chunk_left_ = 0;
    FieldSection trailers_{Limits::kMaxTrailerBytes, Limits::kMaxTrailerFields};
    Status refusal_ = Status::kBadRequest;
};

} // namespace kvduel::http
