#include "core/http/response_head.hpp"

#include <chrono>
#include <cstring>
#include <string_view>

namespace kvduel::http {

namespace {

void put_two_digits(char* at, unsigned number) noexcept {
    at[0] = static_cast<char>('0' + number / 10 % 10);
    at[1] = static_cast<char>('0' + number % 10);
}

} // namespace

DateText format_date(std::int64_t unix_seconds) noexcept {
    constexpr std::string_view kDays = "SunMonTueWedThuFriSat";
    constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const std::chrono::sys_seconds moment{std::chrono::seconds{unix_seconds}};
    const auto midnight = std::chrono::floor<std::chrono::days>(moment);
    const std::chrono::year_month_day date{midnight};
    const std::chrono::hh_mm_ss<std::chrono::seconds> time{moment - midnight};
    const auto year = static_cast<unsigned>(static_cast<int>(date.year()));

    DateText text;
    std::memcpy(text.data(), "Sun, 00 Jan 0000 00:00:00 GMT", text.size());
    std::memcpy(text.data(), kDays.data() + 3 * std::chrono::weekday{midnight}.c_encoding(), 3);
    put_two_digits(text.data() + 5, static_cast<unsigned>(date.day()));
    std::memcpy(text.data() + 8, kMonths.data() + 3 * (static_cast<unsigned>(date.month()) - 1), 3);
    put_two_digits(text.data() + 12, year / 100);
    put_two_digits(text.data() + 14, year % 100);
    put_two_digits(text.data() + 17, static_cast<unsigned>(time.hours().count()));
    put_two_digits(text.data() + 20, static_cast<unsigned>(time.minutes().count()));
    put_two_digits(text.data() + 23, static_cast<unsigned>(time.seconds().count()));
    return text;
}

} // namespace kvduel::http
