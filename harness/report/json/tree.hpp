#pragma once

#include <nlohmann/json.hpp>

#include <optional>

namespace kvduel::report {

/// JSON to be written: keys stay in the order in which they came.
using Tree = nlohmann::ordered_json;

/// null when absent
inline Tree tree_of(const std::optional<double>& figure) {
    return figure ? Tree(*figure) : Tree();
}

} // namespace kvduel::report
