#include "servers/common/work.hpp"

#include <sys/prctl.h>
#include <time.h>

#include <charconv>
#include <string>

namespace kvduel::servers {
namespace {

constexpr std::int64_t kMaxMicroseconds = 60'000'000;
constexpr std::uint64_t kCpuStream = 0x6370'7500; // the two shares fall on different requests
constexpr std::uint64_t kWaitStream = 0x7761'6974;

// splitmix64 (Steele, Lea, Flood 2014): its finaliser, as a hash of (stream, number).
std::uint64_t mix(std::uint64_t stream, std::uint64_t number) noexcept {
    std::uint64_t z = (stream + number) * 0x9e37'79b9'7f4a'7c15ULL;
    z = (z ^ (z >> 30)) * 0xbf58'476d'1ce4'e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d0'49bb'1331'11ebULL;
    return z ^ (z >> 31);
}

std::chrono::microseconds draw(const WorkShare& work, std::uint64_t stream, std::uint64_t number) noexcept {
    if (!work.any()) return {};
    if (work.share >= 1.0) return work.amount;
    const double uniform = static_cast<double>(mix(stream, number) >> 11) * 0x1p-53;
    return uniform < work.share ? work.amount : std::chrono::microseconds{};
}

Error bad_share(std::string_view flag, std::string_view text) {
    return {
        ErrorKind::kUsage, std::string(flag) + " " + std::string(text),
        "not a work share; allowed: N or N@P%, N whole microseconds from 0 to 60000000, P above 0 up to 100",
        ""};
}

std::chrono::nanoseconds thread_cpu_time() noexcept {
    timespec spent{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
    return std::chrono::seconds(spent.tv_sec) + std::chrono::nanoseconds(spent.tv_nsec);
}

} // namespace

Result<WorkShare> parse_work_share(std::string_view flag, std::string_view text) {
    WorkShare work;
    std::int64_t amount = 0;
    const char* const end = text.data() + text.size();
    const auto number = std::from_chars(text.data(), end, amount);
    if (number.ec != std::errc() || amount < 0 || amount > kMaxMicroseconds) return bad_share(flag, text);
    work.amount = std::chrono::microseconds(amount);
    if (number.ptr == end) return work;

    if (*number.ptr != '@' || end[-1] != '%') return bad_share(flag, text);
    double percent = 0;
    const auto share = std::from_chars(number.ptr + 1, end - 1, percent, std::chars_format::fixed);
    if (share.ec != std::errc() || share.ptr != end - 1 || !(percent > 0 && percent <= 100)) {
        return bad_share(flag, text);
    }
    work.share = percent / 100;
    return work;
}

WorkOrder Work::next() noexcept {
    if (!any()) return {}; // without it every request would write the one counter
    const std::uint64_t number = number_.fetch_add(1, std::memory_order_relaxed);
    return {draw(cpu_, kCpuStream, number), draw(wait_, kWaitStream, number)};
}

void burn_cpu(std::chrono::microseconds amount) noexcept {
    if (amount.count() == 0) return;
    const auto end = thread_cpu_time() + amount;
    while (thread_cpu_time() < end) {
    }
}

void block_for(std::chrono::microseconds amount) noexcept {
    if (amount.count() == 0) return;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(amount);
    timespec rest{seconds.count(), std::chrono::nanoseconds(amount - seconds).count()};
    while (::nanosleep(&rest, &rest) != 0) { // EINTR: `rest` holds what is left
    }
}

void use_exact_timers() noexcept {
    ::prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
}

} // namespace kvduel::servers
