#include "harness/experiment/text/time_text.hpp"

#include <time.h>

#include <array>
#include <cstdio>

namespace kvduel::experiment {

namespace {

using std::chrono::milliseconds;
using std::chrono::system_clock;

std::string format_utc(system_clock::time_point time, const char* pattern) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    const std::time_t whole = system_clock::to_time_t(seconds);
    tm parts{};
    ::gmtime_r(&whole, &parts);
    std::array<char, 40> text{};
    const std::size_t length = std::strftime(text.data(), text.size(), pattern, &parts);
    return {text.data(), length};
}

} // namespace

std::string rfc3339(system_clock::time_point time) {
    const auto ms = std::chrono::floor<milliseconds>(time) - std::chrono::floor<std::chrono::seconds>(time);
    std::array<char, 8> fraction{};
    std::snprintf(fraction.data(), fraction.size(), ".%03dZ", static_cast<int>(ms.count()));
    return format_utc(time, "%Y-%m-%dT%H:%M:%S") + fraction.data();
}

std::string compact_time(system_clock::time_point time) {
    return format_utc(time, "%Y%m%dT%H%M%SZ");
}

} // namespace kvduel::experiment
