#pragma once

#include "core/support/error.hpp"
#include "harness/stats/histogram.hpp"

#include <string>
#include <string_view>

namespace kvduel::report {

/// HdrHistogram's V2 encoding (hdr_histogram_log.c) compressed by zlib, in base64: "HISTFAAA...". Other
/// HdrHistogram libraries read it. Pure.
std::string hdr_encode(const stats::Histogram& histogram);

/// The histogram again, every value being the lowest of its bucket (buckets keep no more). Refuses
/// (kBadInput, `where` empty) all that hdr_encode cannot have written: another scale, too many counters, a
/// sum past 2^53, trailing bytes. Never inflates past the largest encoding.
Result<stats::Histogram> hdr_decode(std::string_view text);

} // namespace kvduel::report
