#include "core/http/body_reading_for_test.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

// The first byte chooses the framing and the limit, the rest is the body. Segmentation changes neither the
// data nor the verdict, no more is consumed than was given, and no body passes its limit.
namespace {

using namespace kvduel::http;

void require(bool holds) {
    if (!holds) std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::uint64_t limit = data[0] / 2;
    Head head = chunked_head();
    if (data[0] % 2 == 1) {
        head.framing = Framing::kLength;
        head.content_length = size / 2;
    }
    const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
    const BodyReading whole = decode_in_pieces(head, limit, body, {});
    require(whole.consumed <= body.size());
    require(whole.data.size() <= limit);
    if (whole.verdict == "need more") require(whole.consumed == body.size());
    require(decode_bytewise(head, limit, body) == whole);
    const std::size_t cut = data[size - 1] * body.size() / 256;
    require(decode_in_pieces(head, limit, body, {cut}) == whole);
    return 0;
}
