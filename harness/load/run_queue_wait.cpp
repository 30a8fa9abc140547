#include "harness/load/run_queue_wait.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <string_view>

namespace kvduel::load {

namespace {

/// "RAN WAITED SLICES", the first two in nanoseconds (Documentation/scheduler/sched-stats.rst).
std::optional<Duration> parse_wait(std::string_view text) noexcept {
    const std::size_t blank = text.find(' ');
    if (blank == std::string_view::npos) return std::nullopt;
    std::int64_t nanoseconds = 0;
    const auto [end, error] =
        std::from_chars(text.data() + blank + 1, text.data() + text.size(), nanoseconds);
    if (error != std::errc{}) return std::nullopt;
    return std::chrono::nanoseconds(nanoseconds);
}

} // namespace

RunQueueWait::RunQueueWait() noexcept
    : schedstat_(::open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC)) {}

RunQueueWait::~RunQueueWait() {
    if (schedstat_ >= 0) ::close(schedstat_);
}

std::optional<Duration> RunQueueWait::read() const noexcept {
    std::array<char, 96> text{}; // three numbers of 64 bits fit
    const ssize_t size = schedstat_ < 0 ? -1 : ::pread(schedstat_, text.data(), text.size(), 0);
    if (size <= 0) return std::nullopt;
    return parse_wait({text.data(), static_cast<std::size_t>(size)});
}

std::optional<Duration> RunQueueWait::so_far() const noexcept {
    const std::optional<Duration> all = read();
    if (!all) return std::nullopt;
    return *all - by_plan_;
}

void RunQueueWait::go_on() noexcept {
    const std::optional<Duration> now = read();
    if (now && paused_at_) by_plan_ += *now - *paused_at_;
}

} // namespace kvduel::load
