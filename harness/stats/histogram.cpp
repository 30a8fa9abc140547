#include "harness/stats/histogram.hpp"

#include <algorithm>
#include <cmath>

namespace kvduel::stats {

namespace {

void append_big_endian(std::string& out, std::uint64_t value, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
        out.push_back(static_cast<char>(value >> shift & 0xff));
}

/// ZigZag, then LEB128 with the low 7 bits first; a ninth byte carries 8 bits (hdr_encoding.c).
void append_zigzag(std::string& out, std::int64_t value) {
    std::uint64_t rest = static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
    for (int byte = 0; byte < 8; ++byte) {
        if (rest < 0x80) {
            out.push_back(static_cast<char>(rest));
            return;
        }
        out.push_back(static_cast<char>((rest & 0x7f) | 0x80));
        rest >>= 7;
    }
    out.push_back(static_cast<char>(rest));
}

} // namespace

Histogram& Histogram::operator=(const Histogram& other) {
    if (this != &other) *this = Histogram(other);
    return *this;
}

Histogram::Octave& Histogram::add_octave(std::size_t octave) {
    octaves_[octave] = std::make_unique<Octave>();
    return *octaves_[octave];
}

void Histogram::merge(const Histogram& other) {
    for (std::size_t i = 0; i < kOctaves; ++i) {
        const Octave* theirs = other.octaves_[i].get();
        if (theirs == nullptr || std::ranges::all_of(*theirs, [](std::uint64_t c) { return c == 0; }))
            continue;
        Octave& ours = octaves_[i] ? *octaves_[i] : add_octave(i);
        for (std::size_t j = 0; j < kCountersPerOctave; ++j) ours[j] += (*theirs)[j];
    }
    sum_ += other.sum_;
    count_ += other.count_;
    saturated_ += other.saturated_;
    min_ = std::min(min_, other.min_);
    max_ = std::max(max_, other.max_);
}

void Histogram::reserve() {
    for (std::size_t i = 0; i < kOctaves; ++i)
        if (!octaves_[i]) add_octave(i);
}

void Histogram::clear() noexcept {
    for (const auto& octave : octaves_)
        if (octave) octave->fill(0);
    sum_ = 0;
    count_ = 0;
    saturated_ = 0;
    min_ = ~std::uint64_t{0};
    max_ = 0;
}

double Histogram::mean() const noexcept {
    return count_ == 0 ? 0.0 : static_cast<double>(sum_) / static_cast<double>(count_);
}

std::uint64_t Histogram::quantile(double q) const noexcept {
    if (count_ == 0) return 0;
    const double rank = std::ceil(std::clamp(q, 0.0, 1.0) * static_cast<double>(count_));
    const auto wanted = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(rank), 1, count_);
    std::uint64_t running = 0;
    for (std::size_t i = 0; i < kCounters; ++i) {
        running += counter(i);
        if (running >= wanted) return highest_value_of(i);
    }
    return highest_value_of(kCounters - 1);
}

std::string Histogram::encode_v2_uncompressed() const {
    std::size_t used = kCounters;
    while (used > 0 && counter(used - 1) == 0) --used;
    std::string payload;
    for (std::size_t i = 0; i < used;) {
        std::size_t next = i;
        while (next < used && counter(next) == 0) ++next;
        if (next > i)
            append_zigzag(payload, -static_cast<std::int64_t>(next - i));
        else
            append_zigzag(payload, static_cast<std::int64_t>(counter(next++)));
        i = next;
    }
    std::string out;
    append_big_endian(out, 0x1c849313, 4);
    append_big_endian(out, payload.size(), 4);
    append_big_endian(out, 0, 4); // normalizing index offset
    append_big_endian(out, kDigits, 4);
    append_big_endian(out, kLowest, 8);
    append_big_endian(out, kHighest, 8);
    append_big_endian(out, std::bit_cast<std::uint64_t>(1.0), 8); // integer to double ratio
    return out + payload;
}

} // namespace kvduel::stats
