#pragma once

#include "harness/experiment/server/server_sample.hpp"
#include "harness/experiment/text/json_readers.hpp"

#include <optional>
#include <string>

namespace kvduel::experiment {

// Is the server that is measured still the one that the trial began with? A wrapper may start a fallen server
// anew behind the same address, and its figures would be those of two processes. Each gives the empty string
// if nothing speaks against it and a sentence with the numbers if something does. Pure.

/// By pid and start time (/proc/PID/stat, field 22), as the kernel uses a pid again. `first` is the look at
/// the process when it had announced itself; without a start time there the process is not ours to see, and
/// nothing is said.
std::string process_change(int pid, const ServerSample& first, const ServerSample& now);

/// By what the server says of itself, which is all there is of a server elsewhere: another pid, or a count of
/// requests that went back.
std::string page_change(const ServerStats& first, const ServerStats& now);

} // namespace kvduel::experiment
