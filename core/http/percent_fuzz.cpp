#include "core/http/character.hpp"
#include "core/http/percent.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

// Decoding succeeds exactly on well-formed text, never makes it longer, and undoes the escaping of any bytes.
namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

std::string escape_all(std::string_view bytes) {
    constexpr std::string_view kDigits = "0123456789aBcDeF";
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += {'%', kDigits[byte / 16U], kDigits[byte % 16U]};
    }
    return text;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kvduel::http;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    std::string decoded = "old";
    const bool is_decoded = percent_decode(bytes, decoded);
    require(is_decoded == is_percent_encoded(bytes));
    if (is_decoded) {
        require(decoded.size() <= size);
        const bool is_plain = bytes.find('%') == std::string_view::npos;
        require(is_plain == (decoded.size() == size));
        if (is_plain) require(decoded == bytes);
    }
    require(percent_decode(escape_all(bytes), decoded));
    require(decoded == bytes);
    return 0;
}
