#pragma once

#include "core/support/error.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kvduel::experiment {

/// Where facts about the machine are read: /proc, /sys and /etc, or a tree that stands in for them in a test.
/// Paths are absolute and begin with a slash. Any thread may read.
class FactTree {
public:
    FactTree() = default;
    explicit FactTree(std::string root) : root_(std::move(root)) {} ///< no slash at its end

    /// At most 64 KiB. kUnavailable: the path and the system's reason.
    Result<std::string> text(std::string_view path) const;
    /// Its first line, blanks at the ends removed.
    Result<std::string> line(std::string_view path) const;
    /// The number its first line begins with; absent if there is none.
    std::optional<double> number(std::string_view path) const;
    bool has(std::string_view path) const;
    /// The names in a folder, sorted; none if it cannot be read.
    std::vector<std::string> names(std::string_view folder) const;

private:
    std::string root_;
};

} // namespace kvduel::experiment
