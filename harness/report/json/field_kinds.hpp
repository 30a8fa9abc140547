#pragma once

#include "harness/report/json/fields.hpp"

#include <cstdint>
#include <limits>

/// What the fields of a report have in common: how a value is passed to an archive, and the ranges of numbers
/// that are no business of one noun.
namespace kvduel::report {

template <typename Archive, typename T>
using Ref = typename Archive::template Ref<T>;

inline constexpr double kAnyMeasure = std::numeric_limits<double>::max();
inline constexpr std::uint64_t kAnyOrdinal = std::numeric_limits<std::uint32_t>::max();

template <typename Archive, typename T>
void count(Archive& archive, const char* key, T& value) {
    archive.number(key, value, std::uint64_t{0}, kLargestExact);
}
template <typename Archive, typename T>
void ordinal(Archive& archive, const char* key, T& value) {
    archive.number(key, value, std::uint64_t{1}, kAnyOrdinal);
}
template <typename Archive, typename T>
void measure(Archive& archive, const char* key, T& value) {
    archive.number(key, value, 0.0, kAnyMeasure);
}

} // namespace kvduel::report
