#include "harness/report/json/gzip.hpp"

#include <zlib.h>

#include <algorithm>
#include <new>

namespace kvduel::report {
namespace {

constexpr int kGzipWindow =
    15 + 16; ///< the largest window, and gzip's head and checksum (zlib.h, deflateInit2, inflateInit2)
constexpr int kMemoryLevel = 8; ///< zlib's own
constexpr std::size_t kStep = std::size_t{1} << 20;

Error broken(const char* what) {
    return {ErrorKind::kBadInput, "", std::string("not a whole gzip file: ") + what, ""};
}

struct Deflater {
    z_stream stream{};

    Deflater() {
        if (::deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, kGzipWindow, kMemoryLevel,
                           Z_DEFAULT_STRATEGY) != Z_OK)
            throw std::bad_alloc();
    }
    Deflater(const Deflater&) = delete;
    Deflater& operator=(const Deflater&) = delete;
    ~Deflater() { ::deflateEnd(&stream); }
};

struct Inflater {
    z_stream stream{};
    bool is_open = ::inflateInit2(&stream, kGzipWindow) == Z_OK;

    Inflater() = default;
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;
    ~Inflater() {
        if (is_open) ::inflateEnd(&stream);
    }
};

} // namespace

bool is_gzip(std::string_view bytes) noexcept {
    return bytes.starts_with("\x1f\x8b");
}

std::string gzip(std::string_view text) {
    Deflater deflater;
    z_stream& stream = deflater.stream;
    std::string bytes;
    for (int status = Z_OK; status != Z_STREAM_END;) {
        if (stream.avail_in == 0) { // zlib counts in 32 bits
            const auto step = std::min(text.size(), kStep);
            stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data())); // it only reads it
            stream.avail_in = static_cast<uInt>(step);
            text.remove_prefix(step);
        }
        const std::size_t before = bytes.size();
        bytes.resize(before + kStep);
        stream.next_out = reinterpret_cast<Bytef*>(bytes.data() + before);
        stream.avail_out = static_cast<uInt>(kStep);
        status = ::deflate(&stream, text.empty() ? Z_FINISH : Z_NO_FLUSH);
        bytes.resize(bytes.size() - stream.avail_out);
    }
    return bytes;
}

Result<std::string> gunzip(std::string_view bytes, std::size_t max_bytes) {
    Inflater inflater;
    if (!inflater.is_open) return broken("no memory to read it");
    z_stream& stream = inflater.stream;
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data())); // zlib only reads it
    stream.avail_in = static_cast<uInt>(bytes.size());
    std::string text;
    for (int status = Z_OK; status != Z_STREAM_END;) {
        const std::size_t before = text.size();
        if (before > max_bytes) return text;
        text.resize(std::min(before + kStep, max_bytes + 1));
        stream.next_out = reinterpret_cast<Bytef*>(text.data() + before);
        stream.avail_out = static_cast<uInt>(text.size() - before);
        status = ::inflate(&stream, Z_NO_FLUSH);
        text.resize(text.size() - stream.avail_out);
        if (status != Z_OK && status != Z_STREAM_END) return broken("it is cut short or damaged");
    }
    if (stream.avail_in != 0) return broken("something follows it");
    return text;
}

} // namespace kvduel::report
