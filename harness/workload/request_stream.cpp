#include "harness/workload/request_stream.hpp"

#include <vector>

namespace kvduel::workload {

namespace {

constexpr std::uint64_t kDigestRequests = 10'000;

__extension__ using Uint128 = unsigned __int128;

/// Uniform in [0, n) by multiplication; the bias of n / 2^64 is below anything a trial could show.
std::uint64_t below(std::uint64_t bits, std::uint64_t n) noexcept {
    return static_cast<std::uint64_t>(static_cast<Uint128>(bits) * n >> 64);
}

} // namespace

RequestStream::RequestStream(const Workload& workload, Seed seed, std::string_view phase,
                             std::uint64_t thread, std::uint64_t threads) noexcept
    : kind_(workload.key_distribution.kind), keys_(workload.keys), get_share_(workload.mix.get),
      seed_(seed.split(phase)), thread_(thread), threads_(threads),
      scramble_(workload.keys, seed.split("scramble")),
      zipfian_(workload.keys, workload.key_distribution.theta) {}

std::uint64_t RequestStream::draw_key(Draw& draw) const noexcept {
    if (kind_ == KeyDistribution::Kind::kUniform) return below(draw.bits(), keys_);
    return scramble_(zipfian_.sample(draw) - 1);
}

std::uint64_t RequestStream::draw_own_key(Draw& draw) const noexcept {
    std::uint64_t key = draw_key(draw);
    for (int i = 0; i < kMaxRedraws && key % threads_ != thread_; ++i) key = draw_key(draw);
    if (key % threads_ == thread_) return key;
    key = key - key % threads_ + thread_;
    return key < keys_ ? key : thread_;
}

KeyRequest RequestStream::at(std::uint64_t index) const noexcept {
    Draw draw(seed_, thread_, index);
    if (draw.unit() < get_share_) return {Operation::kGet, draw_key(draw)};
    return {Operation::kPost, draw_own_key(draw)};
}

std::uint64_t request_digest(const Workload& workload, Seed seed, std::string_view phase,
                             std::uint64_t threads) {
    std::uint64_t digest = mix64(workload.value_bytes + kGolden);
    if (workload.path) return Seed(digest).split(*workload.path).value();
    std::vector<RequestStream> streams;
    for (std::uint64_t thread = 0; thread < threads; ++thread)
        streams.emplace_back(workload, seed, phase, thread, threads);
    for (std::uint64_t i = 0; i < kDigestRequests; ++i) {
        const KeyRequest request = streams[i % threads].at(i / threads);
        digest = mix64(digest ^ mix64(request.key * 2 + (request.operation == Operation::kPost ? 1 : 0)));
        digest += kGolden;
    }
    return digest;
}

} // namespace kvduel::workload
