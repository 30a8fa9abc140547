#pragma once

#include "servers/common/options.hpp"

#include <atomic>
#include <cstdint>
#include <string_view>

namespace kvduel::servers {

/// Writes lines to stderr, each in one write so that threads do not mix theirs. It never waits: a line that
/// nobody reads in time is dropped, and the next one says how many were. Any thread may call.
class Log {
public:
    Log(std::string_view program, LogLevel level) noexcept : program_(program), level_(level) {}

    void warn(std::string_view text) const;

private:
    std::string_view program_;
    LogLevel level_;
    mutable std::atomic<std::uint64_t> dropped_{0};
};

} // namespace kvduel::servers
