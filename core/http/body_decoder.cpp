#include "core/http/body_decoder.hpp"

#include <algorithm>

namespace kvduel::http {

void BodyDecoder::start(const Head& head, std::uint64_t max_bytes) noexcept {
    framing_ = head.framing;
    left_ = head.framing == Framing::kLength ? head.content_length : 0;
    is_too_large_ = left_ > max_bytes;
    is_head_ = head.method == Method::kHead;
    chunks_ = ChunkDecoder(max_bytes);
}

BodyDecoder::Decoded BodyDecoder::decode(std::string_view input) noexcept {
    if (framing_ == Framing::kChunked) return decode_chunked(input);
    if (is_too_large_) return refuse(Status::kContentTooLarge, 0);
    if (left_ == 0) return {.state = State::kDone};
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(input.size(), left_));
    if (size == 0) return {};
    left_ -= size;
    return {.state = State::kData, .consumed = size, .data = input.substr(0, size)};
}

BodyDecoder::Decoded BodyDecoder::decode_chunked(std::string_view input) noexcept {
    const ChunkDecoder::Step step = chunks_.decode(input);
    switch (step.state) {
    case ChunkDecoder::State::kNeedMore: return {.state = State::kNeedMore, .consumed = step.used};
    case ChunkDecoder::State::kData: return {.state = State::kData, .consumed = step.used, .data = step.data};
    case ChunkDecoder::State::kDone: return {.state = State::kDone, .consumed = step.used};
    case ChunkDecoder::State::kRefused: break;
    }
    return refuse(chunks_.refusal(), step.used);
}

BodyDecoder::Decoded BodyDecoder::refuse(Status status, std::size_t consumed) const noexcept {
    return {
        .state = State::kRefused, .consumed = consumed, .refusal = {.status = status, .head_only = is_head_}};
}

} // namespace kvduel::http
