#pragma once

#include "harness/tests/truth/fault.hpp"
#include "harness/tests/truth/schedule.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace truth {

/// What a server did: counts, and for each request when it came and when it was answered.
class Journal {
public:
    static constexpr std::size_t kMaxEntries = 1 << 21; ///< later requests are counted and not written down

    struct Entry {
        std::uint64_t connection = 0;
        Nanoseconds arrival = 0;  ///< just after the recv that brought its last byte
        Nanoseconds planned = 0;  ///< when its answer should leave
        Nanoseconds answered = 0; ///< just before the send of its answer; 0: none was sent
    };

    explicit Journal(bool keeps_entries) noexcept : keeps_entries_(keeps_entries) {}

    /// Gives the number under which its answer is to be noted.
    std::size_t arrived(const Entry& entry);
    void answered(std::size_t number, Fault fault, Nanoseconds at) noexcept;
    void opened() noexcept { ++connections_; }
    void gave_page() noexcept { ++pages_; }

    std::uint64_t requests() const noexcept { return requests_; }

    /// One line of JSON.
    std::string summary(const Schedule& schedule) const;
    /// A line a request: connection, arrival, planned, answered. False, with errno, if it cannot be written.
    bool write(const std::string& path) const;

private:
    bool keeps_entries_;
    std::vector<Entry> entries_;
    std::uint64_t requests_ = 0;
    std::uint64_t connections_ = 0;
    std::uint64_t pages_ = 0;
    std::array<std::uint64_t, kFaults.size() + 1> answers_{}; ///< by Fault
};

} // namespace truth
