#pragma once

#include <string>
#include <string_view>

namespace kvduel::report {

/// A stranger's text as UTF-8 that a terminal, XML and Markdown can take: control characters (C0, DEL and C1)
/// come out as '?', bytes that are no character, and the two that XML does not know, as U+FFFD. Pure.
std::string printable(std::string_view text);

/// That text in Markdown outside of code: what would begin a tag or an entity is written as one.
std::string markdown_text(std::string_view text);

/// That text as code in a line of Markdown, whatever backticks are in it (CommonMark 0.31, section 6.1).
std::string markdown_code(std::string_view text);

} // namespace kvduel::report
