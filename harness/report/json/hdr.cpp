#include "harness/report/json/hdr.hpp"

#include "harness/report/json/base64.hpp"

#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <new>
#include <optional>

namespace kvduel::report {
namespace {

using stats::Histogram;

constexpr std::uint64_t kCompressedCookie = 0x1c849314;
constexpr std::size_t kHeaderBytes = 40;
constexpr std::size_t kLargestEncoding = kHeaderBytes + 9 * Histogram::kCounters;
constexpr std::uint64_t kLargestSum = std::uint64_t{1} << 53;

std::string big_endian(std::uint64_t value) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xFF);
    return bytes;
}

/// Takes one number off the front of `bytes`; none if they end inside it.
std::optional<std::int64_t> take_zig_zag(std::string_view& bytes) {
    std::uint64_t value = 0;
    for (unsigned i = 0; i < 9; ++i) {
        if (bytes.empty()) return std::nullopt;
        const std::uint64_t byte = static_cast<unsigned char>(bytes.front());
        bytes.remove_prefix(1);
        const bool is_ninth = i == 8;
        value |= (is_ninth ? byte : byte & 0x7F) << (7 * i);
        if (is_ninth || byte < 0x80) break;
    }
    return static_cast<std::int64_t>(value >> 1 ^ (~(value & 1) + 1));
}

Error refuse(std::string what) {
    return {ErrorKind::kBadInput, "", "not an HdrHistogram of this report: " + std::move(what), ""};
}

Result<std::string> inflate(std::string_view stream) {
    std::string bytes(kLargestEncoding, '\0');
    uLongf size = kLargestEncoding;
    auto taken = static_cast<uLong>(stream.size());
    const int status = ::uncompress2(reinterpret_cast<Bytef*>(bytes.data()), &size,
                                     reinterpret_cast<const Bytef*>(stream.data()), &taken);
    if (status != Z_OK || taken != stream.size()) return refuse("its zlib stream is broken or too long");
    bytes.resize(size);
    return bytes;
}

/// Only the last counter stands above the range; those between are never counted in.
bool is_used(std::size_t index) {
    return index <= Histogram::index_of(Histogram::kHighest) || index == Histogram::kCounters - 1;
}

Result<Histogram> read_counters(std::string_view numbers) {
    Histogram histogram;
    std::size_t index = 0;
    while (!numbers.empty()) {
        const std::optional<std::int64_t> number = take_zig_zag(numbers);
        if (!number || *number == 0) return refuse("a counter is cut or zero");
        if (*number < 0) {
            const std::uint64_t zeros = ~static_cast<std::uint64_t>(*number) + 1;
            if (zeros > Histogram::kCounters - index) return refuse("too many counters");
            index += zeros;
            continue;
        }
        const auto count = static_cast<std::uint64_t>(*number);
        if (index == Histogram::kCounters || !is_used(index)) return refuse("a counter is past the range");
        if (count > kLargestSum - histogram.count()) return refuse("its counters sum past 2^53");
        histogram.record(Histogram::lowest_value_of(index), count);
        ++index;
    }
    return histogram;
}

} // namespace

std::string hdr_encode(const Histogram& histogram) {
    const std::string encoding = histogram.encode_v2_uncompressed();
    uLongf size = ::compressBound(static_cast<uLong>(encoding.size()));
    std::string stream(size, '\0');
    // A buffer of compressBound cannot be too small; the only other failure is memory.
    if (::compress2(reinterpret_cast<Bytef*>(stream.data()), &size,
                    reinterpret_cast<const Bytef*>(encoding.data()), static_cast<uLong>(encoding.size()),
                    Z_BEST_COMPRESSION) != Z_OK)
        throw std::bad_alloc();
    stream.resize(size);
    return base64_encode(big_endian(kCompressedCookie) + big_endian(stream.size()) + stream);
}

Result<Histogram> hdr_decode(std::string_view text) {
    const std::optional<std::string> bytes = base64_decode(text);
    if (!bytes || bytes->size() < 8) return refuse("it is not base64 or too short");
    const std::string_view all(*bytes);
    if (all.substr(0, 4) != big_endian(kCompressedCookie)) return refuse("it does not start HISTFAAA");
    if (all.substr(4, 4) != big_endian(all.size() - 8)) return refuse("its length is wrong");
    const Result<std::string> inflated = inflate(all.substr(8));
    if (!inflated) return inflated.error();
    const std::string_view encoding(*inflated);
    if (encoding.size() < kHeaderBytes) return refuse("its header is cut");
    // The header of an empty histogram differs in the length alone.
    const std::string header = Histogram().encode_v2_uncompressed();
    if (encoding.substr(0, 4) != header.substr(0, 4) || encoding.substr(8, 32) != header.substr(8, 32))
        return refuse("its header is not lowest 1, highest 3.6e12, 3 digits");
    const std::string_view numbers = encoding.substr(kHeaderBytes);
    if (encoding.substr(4, 4) != big_endian(numbers.size())) return refuse("its length is wrong");
    return read_counters(numbers);
}

} // namespace kvduel::report
