#pragma once

#include "harness/workload/workload.hpp"

#include <span>
#include <string>
#include <string_view>

namespace kvduel::workload {

/// The table of built-in workloads, in the order `kvduel list workloads` shows them.
std::span<const Workload> workloads();

/// The row called `name`, or null.
const Workload* find_workload(std::string_view name);

/// All names, for messages: "get-zipfian, get-uniform, ...".
std::string workload_names();

} // namespace kvduel::workload
