#include "core/http/chunk_decoder.hpp"

#include <algorithm>

namespace kvduel::http {

ChunkDecoder::Step ChunkDecoder::decode(std::string_view input) noexcept {
    std::size_t used = 0;
    for (;;) {
        if (part_ == Part::kDone) return {State::kDone, used};
        if (part_ == Part::kRefused) return {State::kRefused, used};
        if (used == input.size()) return {State::kNeedMore, used};
        const std::string_view rest = input.substr(used);
        switch (part_) {
        case Part::kSizeLine: used += read_size_line(rest); break;
        case Part::kData: {
            const std::string_view data =
                rest.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(rest.size(), chunk_left_)));
            chunk_left_ -= data.size();
            if (chunk_left_ == 0) part_ = Part::kDataCarriageReturn;
            return {State::kData, used + data.size(), data};
        }
        case Part::kDataCarriageReturn: expect(input[used++], '\r', Part::kDataLineFeed); break;
        case Part::kDataLineFeed: expect(input[used++], '\n', Part::kSizeLine); break;
        case Part::kTrailers: used += read_trailers(rest); break;
        case Part::kDone:
        case Part::kRefused: break;
        }
    }
}

std::size_t ChunkDecoder::read_size_line(std::string_view input) noexcept {
    for (std::size_t used = 0; used < input.size();) {
        const ChunkLine::State state = line_.take(input[used++]);
        const bool is_within = line_.line_bytes() <= Limits::kMaxChunkLineBytes &&
                               extension_bytes_ + line_.extension_bytes() <= Limits::kMaxChunkExtensionBytes;
        if (state == ChunkLine::State::kFaulty || !is_within)
            refuse(Status::kBadRequest);
        else if (state == ChunkLine::State::kDone)
            begin_chunk();
        else
            continue;
        return used;
    }
    return input.size();
}

void ChunkDecoder::begin_chunk() noexcept {
    const std::uint64_t size = line_.size();
    if (size > left_) return refuse(Status::kContentTooLarge);
    left_ -= size;
    chunk_left_ = size;
    extension_bytes_ += line_.extension_bytes();
    line_ = ChunkLine();
    part_ = size == 0 ? Part::kTrailers : Part::kData;
}

std::size_t ChunkDecoder::read_trailers(std::string_view input) noexcept {
    const std::size_t used = trailers_.advance(input);
    if (trailers_.state() == FieldSection::State::kDone) part_ = Part::kDone;
    if (trailers_.state() == FieldSection::State::kRefused) refuse(trailers_.refusal());
    return used;
}

void ChunkDecoder::expect(char c, char wanted, Part next) noexcept {
    if (c == wanted)
        part_ = next;
    else
        refuse(Status::kBadRequest);
}

void ChunkDecoder::refuse(Status status) noexcept {
    part_ = Part::kRefused;
    refusal_ = status;
}

} // namespace kvduel::http
