#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kvduel::load {

/// A request that no server may take for a good one.
struct Malformed {
    std::string_view name;
    std::string bytes;
    bool ends = false; ///< the client says no more behind it: the server closes, and need not answer
};

/// One of each shape: in the request-line, the fields, the framing, the target, and no HTTP at all.
std::vector<Malformed> make_malformed(std::string_view host);

/// The shape of a connection's n-th request: any can be recomputed alone.
std::size_t malformed_index(std::uint64_t seed, std::uint64_t connection, std::uint64_t n,
                            std::size_t shapes) noexcept;

} // namespace kvduel::load
