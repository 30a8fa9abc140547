#pragma once

namespace kvduel::cli {

/// Is the descriptor a terminal that can move its cursor? TERM unset or "dumb" counts as none.
bool is_terminal(int fd);

/// A terminal whose reader has not set NO_COLOR (no-color.org: to anything but the empty text).
bool may_be_coloured(int fd);

} // namespace kvduel::cli
