#pragma once

#include "core/support/clock.hpp"
#include "core/support/unique_fd.hpp"

#include <array>
#include <cstddef>

namespace kvduel::servers {

/// Tells connections over the cap that they are: 503 at once, whatever they would ask, then a lingering
/// close, so that the answer is not lost to a reset. At most kPlaces linger at a time; beyond them the close
/// does not wait. One thread. Allocates nothing: it is called when nothing is left.
class Overflow {
public:
    static constexpr std::size_t kPlaces = 32;

    /// `epoll` tells when one of them has something to say; events carry the descriptor.
    explicit Overflow(int epoll) noexcept : epoll_(epoll) {}

    void turn_away(UniqueFd fd, TimePoint now) noexcept;
    /// The answer alone, to whom nobody can be asked to linger with. Any thread.
    static void tell(int fd) noexcept;
    /// Drops what `fd` sent; closes it when it has ended, or has sent over kMaxLingerBytes.
    void ready(int fd) noexcept;
    /// Closes who has lingered for a second.
    void close_late(TimePoint now) noexcept;

private:
    struct Lingerer {
        UniqueFd fd; ///< none: the place is free
        TimePoint until{};
        std::size_t dropped = 0; ///< bytes
    };

    int epoll_;
    std::array<Lingerer, kPlaces> lingerers_;
};

} // namespace kvduel::servers
