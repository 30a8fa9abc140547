#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace kvduel::experiment {

/// Keeps the last lines of a stream of any length: what a server said on stderr before it failed. Bounded by
/// kLines lines of kLineBytes; the rest of a longer line is dropped. Control bytes but tab become '?', so
/// that a terminal can show the lines. Not thread-safe.
class LineTail {
public:
    static constexpr std::size_t kLines = 20;
    static constexpr std::size_t kLineBytes = 500;

    void append(std::string_view bytes);

    /// Oldest first, an unfinished last line included.
    std::vector<std::string> lines() const;

private:
    void end_line();

    std::deque<std::string> lines_;
    std::string open_line_;
};

} // namespace kvduel::experiment
