#include "harness/report/json/gunzip.hpp"

#include <zlib.h>

#include <algorithm>

namespace kvduel::report {
namespace {

constexpr int kGzipWindow =
    15 + 16; ///< the largest window, and gzip's head and checksum (zlib.h, inflateInit2)
constexpr std::size_t kStep = std::size_t{1} << 20;

Error broken(const char* what) {
    return {ErrorKind::kBadInput, "", std::string("not a whole gzip file: ") + what, ""};
}

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
