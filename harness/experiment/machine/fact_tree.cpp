#include "harness/experiment/machine/fact_tree.hpp"

#include "harness/experiment/machine/proc_file.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace kvduel::experiment {

Result<std::string> FactTree::text(std::string_view path) const {
    auto read = read_small_file(root_ + std::string(path));
    if (!read) return Error{ErrorKind::kUnavailable, std::string(path), std::strerror(errno), ""};
    return *std::move(read);
}

Result<std::string> FactTree::line(std::string_view path) const {
    auto read = read_first_line(root_ + std::string(path));
    if (!read) return Error{ErrorKind::kUnavailable, std::string(path), std::strerror(errno), ""};
    return *std::move(read);
}

std::optional<double> FactTree::number(std::string_view path) const {
    const auto read = line(path);
    if (!read || read->empty()) return std::nullopt;
    char* end = nullptr;
    const double value = std::strtod(read->c_str(), &end);
    if (end == read->c_str()) return std::nullopt;
    return value;
}

bool FactTree::has(std::string_view path) const {
    return ::access((root_ + std::string(path)).c_str(), F_OK) == 0;
}

std::vector<std::string> FactTree::names(std::string_view folder) const {
    std::vector<std::string> found;
    std::error_code error;
    const std::filesystem::path path(root_ + std::string(folder));
    for (std::filesystem::directory_iterator entry(path, error), end; !error && entry != end;
         entry.increment(error))
        found.push_back(entry->path().filename().string());
    std::sort(found.begin(), found.end());
    return found;
}

} // namespace kvduel::experiment
