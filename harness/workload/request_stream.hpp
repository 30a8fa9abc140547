#pragma once

#include "harness/workload/random.hpp"
#include "harness/workload/scramble.hpp"
#include "harness/workload/workload.hpp"
#include "harness/workload/zipfian.hpp"

#include <cstdint>
#include <string_view>

namespace kvduel::workload {

enum class Operation : std::uint8_t { kGet, kPost };

struct KeyRequest {
    Operation operation = Operation::kGet;
    std::uint64_t key = 0;

    bool operator==(const KeyRequest&) const = default;
};

/// The requests of one load thread in one phase, request i a pure function of workload, seed, phase, thread
/// and i.
///
/// Only its owner, thread `key mod threads`, writes a key: a write draws again until it has a key of its own,
/// which leaves the distribution among a thread's keys as it is. Immutable; any thread may ask.
class RequestStream {
public:
    /// The workload has at least as many keys as there are threads if it writes.
    RequestStream(const Workload& workload, Seed seed, std::string_view phase, std::uint64_t thread,
                  std::uint64_t threads) noexcept;

    KeyRequest at(std::uint64_t index) const noexcept;

private:
    static constexpr int kMaxRedraws = 64; ///< after these the nearest key of its own is taken

    std::uint64_t draw_key(Draw& draw) const noexcept;
    std::uint64_t draw_own_key(Draw& draw) const noexcept;

    KeyDistribution::Kind kind_;
    std::uint64_t keys_;
    double get_share_;
    Seed seed_;
    std::uint64_t thread_;
    std::uint64_t threads_;
    Scramble scramble_;
    Zipfian zipfian_;
};

/// A hash over the first 10,000 requests of a phase, taken from its threads in turn: equal workloads and
/// seeds have equal digests, whatever the machine or its speed.
std::uint64_t request_digest(const Workload& workload, Seed seed, std::string_view phase,
                             std::uint64_t threads);

} // namespace kvduel::workload
