#pragma once

#include <string_view>

namespace kvduel::cli {

/// Is the descriptor a terminal that can move its cursor? TERM unset or "dumb" counts as none.
bool is_terminal(int fd);

/// A terminal whose reader has not set NO_COLOR (no-color.org: to anything but the empty text).
bool may_be_coloured(int fd);

/// Shows `text` on the terminal behind stderr in place of what show_live() showed last, cut to its width: a
/// longer one would wrap, and its upper half stay. An empty text takes it away.
void show_live(std::string_view text);

} // namespace kvduel::cli
