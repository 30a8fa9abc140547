#pragma once

#include "core/http/head_reading_for_test.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace kvduel::http {

/// A row of a table of heads.
struct HeadCase {
    std::string head;
    int status; ///< 0: accepted, -1: needs more, else a refusal that closes
    const char* why;
};

/// Whether `row` is judged as it says, whole, byte by byte and in two pieces at every offset.
inline bool holds(const HeadCase& row) {
    const std::string whole = read_in_pieces(row.head, {});
    const bool is_right = row.status == 0  ? whole.starts_with("method")
                          : row.status < 0 ? whole == "need more"
                                           : whole == std::to_string(row.status) + "!";
    if (!is_right || read_bytewise(row.head) != whole) return false;
    for (std::size_t at = 0; at <= row.head.size(); ++at)
        if (read_in_pieces(row.head, {at}) != whole) return false;
    return true;
}

inline void check_cases(const std::vector<HeadCase>& cases) {
    for (const HeadCase& row : cases) CHECK_MESSAGE(holds(row), row.why, ": ", row.head);
}

} // namespace kvduel::http
