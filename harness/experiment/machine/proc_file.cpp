#include "harness/experiment/machine/proc_file.hpp"

#include "core/support/unique_fd.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <memory>

namespace kvduel::experiment {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";

template <typename Number>
std::optional<Number> to_number(std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end == text.data()) return std::nullopt;
    return number;
}

struct CloseFolder {
    void operator()(DIR* folder) const noexcept { ::closedir(folder); }
};

} // namespace

std::optional<std::string> read_small_file(const std::string& path, std::size_t limit) {
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return std::nullopt;
    std::string text(limit, '\0');
    std::size_t filled = 0;
    while (filled < limit) {
        const ssize_t count = ::read(file.get(), text.data() + filled, limit - filled);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return std::nullopt;
        if (count == 0) break;
        filled += static_cast<std::size_t>(count);
    }
    text.resize(filled);
    return text;
}

std::optional<std::string> read_first_line(const std::string& path) {
    const auto text = read_small_file(path);
    if (!text) return std::nullopt;
    const std::string_view line = std::string_view(*text).substr(0, text->find('\n'));
    const std::size_t first = line.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) return std::string();
    return std::string(line.substr(first, line.find_last_not_of(kBlanks) - first + 1));
}

std::vector<int> numbered_entries(const std::string& folder) {
    std::vector<int> numbers;
    const std::unique_ptr<DIR, CloseFolder> entries(::opendir(folder.c_str()));
    if (!entries) return numbers;
    while (const dirent* entry = ::readdir(entries.get()))
        if (const auto number = to_number<int>(entry->d_name)) numbers.push_back(*number);
    return numbers;
}

std::optional<std::uint64_t> number_after(std::string_view text, std::string_view key) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        if (line.starts_with(key)) {
            line.remove_prefix(key.size());
            const std::size_t first = line.find_first_not_of(kBlanks);
            if (first == std::string_view::npos) return std::nullopt;
            return to_number<std::uint64_t>(line.substr(first));
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return std::nullopt;
}

std::optional<ProcStat> parse_proc_stat(std::string_view text) {
    // proc(5): "pid (name) state ppid ..."; the name may hold blanks and ')', so the last ')' ends it.
    const std::size_t name_end = text.rfind(')');
    if (name_end == std::string_view::npos) return std::nullopt;
    std::vector<std::string_view> fields; // fields[0] is field 3, the state
    std::string_view rest = text.substr(name_end + 1);
    while (fields.size() < 20) {
        const std::size_t first = rest.find_first_not_of(kBlanks);
        if (first == std::string_view::npos) return std::nullopt;
        rest.remove_prefix(first);
        const std::size_t end = std::min(rest.find_first_of(kBlanks), rest.size());
        fields.push_back(rest.substr(0, end));
        rest.remove_prefix(end);
    }
    const auto parent = to_number<int>(fields[1]);
    const auto group = to_number<int>(fields[2]);
    const auto user = to_number<std::uint64_t>(fields[11]);
    const auto system = to_number<std::uint64_t>(fields[12]);
    const auto start = to_number<std::uint64_t>(fields[19]);
    if (!parent || !group || !user || !system || !start) return std::nullopt;
    return ProcStat{*parent, *group, fields[0].front(), *user, *system, *start};
}

std::optional<ProcStat> read_proc_stat(int pid) {
    const auto text = read_small_file("/proc/" + std::to_string(pid) + "/stat", 4096);
    if (!text) return std::nullopt;
    return parse_proc_stat(*text);
}

} // namespace kvduel::experiment
