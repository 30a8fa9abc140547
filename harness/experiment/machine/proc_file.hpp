#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kvduel::experiment {

/// A small file of /proc or /sys, at most `limit` bytes; absent if it cannot be read.
std::optional<std::string> read_small_file(const std::string& path, std::size_t limit = 64 * 1024);

/// As read_small_file, first line only, blanks at the ends removed.
std::optional<std::string> read_first_line(const std::string& path);

/// The entries of a folder whose names are numbers: processes of /proc, threads of task/.
std::vector<int> numbered_entries(const std::string& folder);

/// The number after `key` ("VmHWM:") at the start of a line; absent if there is none.
std::optional<std::uint64_t> number_after(std::string_view text, std::string_view key);

/// What of /proc/PID/stat is needed (proc(5): fields 3, 4, 5, 14, 15, 22).
struct ProcStat {
    int parent = 0;
    int group = 0;
    char state = '?';
    std::uint64_t user_ticks = 0;
    std::uint64_t system_ticks = 0;
    std::uint64_t start_ticks = 0; ///< since boot: with the pid it names one process for good
};
std::optional<ProcStat> parse_proc_stat(std::string_view text);
std::optional<ProcStat> read_proc_stat(int pid);

} // namespace kvduel::experiment
