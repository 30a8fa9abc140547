#include "servers/references/beast-stock/work.hpp"

#include <time.h>

#include <charconv>

namespace kvduel::beast_stock {
namespace {

using std::chrono::microseconds;

constexpr std::int64_t kMaxMicroseconds = 60'000'000;
constexpr std::uint64_t kCpuStream = 0x6370'7500; // the two shares fall on different requests
constexpr std::uint64_t kWaitStream = 0x7761'6974;

/// Deals the same requests the same work as kvduel-threads and kvduel-async do: by a hash of their number
/// (splitmix64; Steele, Lea, Flood 2014), which has no period that a client could fall in step with.
microseconds draw(const Share& share, std::uint64_t stream, std::uint64_t number) noexcept {
    std::uint64_t z = (stream + number) * 0x9e37'79b9'7f4a'7c15ULL;
    z = (z ^ (z >> 30)) * 0xbf58'476d'1ce4'e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d0'49bb'1331'11ebULL;
    z ^= z >> 31;
    return static_cast<double>(z >> 11) * 0x1p-53 < share.fraction ? share.amount : microseconds{};
}

std::chrono::nanoseconds thread_cpu_time() noexcept {
    timespec spent{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
    return std::chrono::seconds(spent.tv_sec) + std::chrono::nanoseconds(spent.tv_nsec);
}

/// By the wall clock a preempted thread would burn less.
void burn_cpu(microseconds amount) noexcept {
    if (amount.count() == 0) return;
    const auto end = thread_cpu_time() + amount;
    while (thread_cpu_time() < end) {
    }
}

} // namespace

std::optional<Share> parse_share(std::string_view text) {
    const char* const end = text.data() + text.size();
    std::int64_t amount = 0;
    const auto number = std::from_chars(text.data(), end, amount);
    if (number.ec != std::errc() || amount < 0 || amount > kMaxMicroseconds) return std::nullopt;
    if (number.ptr == end) return Share{microseconds(amount)};

    if (*number.ptr != '@' || end[-1] != '%') return std::nullopt;
    double percent = 0;
    const auto share = std::from_chars(number.ptr + 1, end - 1, percent, std::chars_format::fixed);
    const bool is_percent = share.ec == std::errc() && share.ptr == end - 1 && percent > 0 && percent <= 100;
    if (!is_percent) return std::nullopt;
    return Share{microseconds(amount), percent / 100};
}

microseconds Work::burn() noexcept {
    if (cpu_.amount.count() == 0 && wait_.amount.count() == 0) return {};
    const std::uint64_t number = number_.fetch_add(1, std::memory_order_relaxed);
    burn_cpu(draw(cpu_, kCpuStream, number));
    return draw(wait_, kWaitStream, number);
}

} // namespace kvduel::beast_stock
