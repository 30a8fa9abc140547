#pragma once

#include "core/http/body_decoder.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// For tests and fuzzers: bodies decoded in pieces as a server would, dropping what is consumed.
namespace kvduel::http {

struct BodyReading {
    std::string verdict = "need more"; ///< or "done", or the status with "!"
    std::string data;
    std::size_t consumed = 0; ///< all together; meaningless after a refusal

    bool operator==(const BodyReading&) const = default;
};

inline Head chunked_head() {
    Head head;
    head.method = Method::kPut;
    head.framing = Framing::kChunked;
    return head;
}

/// Decodes `input` as far as it goes and says whether the body's end or a refusal was met.
inline bool read_piece(BodyDecoder& decoder, std::string_view input, BodyReading& reading) {
    for (;;) {
        const BodyDecoder::Decoded step = decoder.decode(input);
        reading.consumed += step.consumed;
        reading.data += step.data;
        input.remove_prefix(step.consumed);
        switch (step.state) {
        case BodyDecoder::State::kData: break;
        case BodyDecoder::State::kNeedMore: return false;
        case BodyDecoder::State::kDone: reading.verdict = "done"; return true;
        case BodyDecoder::State::kRefused:
            reading.verdict = std::to_string(static_cast<int>(step.refusal.status)) +
                              (step.refusal.closes ? "!" : "") + (step.refusal.head_only ? " head" : "");
            reading.consumed = 0;
            return true;
        }
    }
}

/// `bytes` cut at `ends`, which ascend.
inline BodyReading decode_in_pieces(const Head& head, std::uint64_t max_bytes, std::string_view bytes,
                                    std::vector<std::size_t> ends) {
    BodyDecoder decoder{Limits{}};
    decoder.start(head, max_bytes);
    BodyReading reading;
    ends.push_back(bytes.size());
    std::size_t begin = 0;
    for (const std::size_t end : ends) {
        if (read_piece(decoder, bytes.substr(begin, end - begin), reading)) break;
        begin = end;
    }
    return reading;
}

inline BodyReading decode_bytewise(const Head& head, std::uint64_t max_bytes, std::string_view bytes) {
    std::vector<std::size_t> ends;
    for (std::size_t end = 0; end < bytes.size(); ++end) ends.push_back(end);
    return decode_in_pieces(head, max_bytes, bytes, ends);
}

} // namespace kvduel::http
