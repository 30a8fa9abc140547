#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace kvduel::beast_stock {

/// `N` or `N@P%`: so much simulated work for every request, or for a share of them.
struct Share {
    std::chrono::microseconds amount{};
    double fraction = 1; ///< of the requests
};

/// None if `text` is neither `N` (whole microseconds up to 60 s) nor `N@P%` (P in (0, 100]).
std::optional<Share> parse_share(std::string_view text);

/// Deals out the simulated work. Any thread may call.
class Work {
public:
    Work(const Share& cpu, const Share& wait) noexcept : cpu_(cpu), wait_(wait) {}

    /// Burns the next request's CPU time on the calling thread, and gives the wait that is left to the
    /// caller.
    std::chrono::microseconds burn() noexcept;

private:
    Share cpu_;
    Share wait_;
    std::atomic<std::uint64_t> number_{0};
};

} // namespace kvduel::beast_stock
