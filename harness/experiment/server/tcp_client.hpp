#pragma once

#include "core/support/clock.hpp"
#include "core/support/error.hpp"
#include "core/support/unique_fd.hpp"
#include "harness/load/plan.hpp"

#include <string>
#include <string_view>

namespace kvduel::experiment {

/// A connected socket, not blocking; kUnavailable says why not. Waits until `deadline` at the most.
Result<UniqueFd> connect_tcp(const load::Target& target, TimePoint deadline);

/// The body of GET `path` on a connection of its own, for the pages a server has about itself. Only a sound
/// 200 of at most 1 MiB counts; kUnavailable says what came instead.
Result<std::string> fetch_page(const load::Target& target, std::string_view path, TimePoint deadline);

/// A port of 127.0.0.1 that was free just now; 0 if none could be had.
std::uint16_t find_free_port();

} // namespace kvduel::experiment
