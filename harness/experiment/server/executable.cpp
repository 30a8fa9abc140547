#include "harness/experiment/server/executable.hpp"

#include "harness/experiment/machine/sha256.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>

namespace kvduel::experiment {

namespace {

constexpr std::string_view kReferences = "/../../references"; // from build/PRESET/bin

/// Empty if `path` can be run, else why not.
std::string why_not_executable(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return std::strerror(errno);
    if (!S_ISREG(status.st_mode)) return "not a file";
    if (::access(path.c_str(), X_OK) != 0) return "not executable";
    return {};
}

std::string join(std::string_view folder, const std::string& name) {
    return std::string(folder.empty() ? "." : folder) + "/" + name;
}

} // namespace

std::string own_folder() {
    std::array<char, PATH_MAX> path{};
    const ssize_t length = ::readlink("/proc/self/exe", path.data(), path.size());
    if (length <= 0) return {};
    const std::string_view whole(path.data(), static_cast<std::size_t>(length));
    return std::string(whole.substr(0, whole.rfind('/')));
}

std::string relative_to(std::string_view folder, const std::string& path) {
    const bool lies_in_it = !folder.empty() && path.size() > folder.size() + 1 && path.starts_with(folder) &&
                            path[folder.size()] == '/';
    return lies_in_it ? path.substr(folder.size() + 1) : path;
}

Result<std::string> find_executable(const std::string& name, std::string_view folder, std::string_view path) {
    const auto unavailable = [&](const std::string& why) {
        return Error{ErrorKind::kUnavailable, name, why, ""};
    };
    if (name.empty()) return unavailable("no program named");
    if (name.find('/') != std::string::npos) {
        const std::string why = why_not_executable(name);
        if (!why.empty()) return unavailable(why);
        return name;
    }
    std::string blocked; // the first match that cannot be run: a better message than "not found"
    const auto is_runnable = [&](const std::string& candidate) {
        const std::string why = why_not_executable(candidate);
        if (why.empty()) return true;
        if (blocked.empty() && ::access(candidate.c_str(), F_OK) == 0) blocked = candidate + ": " + why;
        return false;
    };
    if (!folder.empty()) {
        const std::string own(folder);
        for (const std::string& place : {own, own + std::string(kReferences)})
            if (is_runnable(join(place, name))) return join(place, name);
    }
    while (!path.empty()) {
        const std::size_t colon = std::min(path.find(':'), path.size());
        const std::string candidate = join(path.substr(0, colon), name);
        if (is_runnable(candidate)) return candidate;
        path.remove_prefix(std::min(colon + 1, path.size()));
    }
    if (!blocked.empty()) return unavailable(blocked);
    return unavailable("not found in " + std::string(folder.empty() ? "." : folder) + " or on PATH");
}

Result<Contender> resolve(Contender contender, std::string_view folder, std::string_view path) {
    if (contender.target) return contender;
    const auto unavailable = [&](const std::string& what, const std::string& hint) {
        return Error{ErrorKind::kUnavailable, "contender \"" + contender.id + "\"", what, hint};
    };
    const auto remedy = [&](const char* usual) {
        return (contender.setup.empty() ? usual : "run " + contender.setup + ",") +
               " or leave it out with --contenders";
    };
    if (contender.command.empty()) return unavailable("has no command", "");
    Result<std::string> executable = find_executable(contender.command.front(), folder, path);
    const bool is_made = executable && !contender.setup.empty();
    for (const std::string& tool : contender.required_tools) {
        if (is_made || find_executable(tool, "", path)) continue;
        return unavailable("needs \"" + tool + "\", not found on PATH", remedy("install it"));
    }
    if (!executable) return unavailable(message(executable.error()), remedy("build or install it,"));
    Result<std::string> digest = sha256_of_file(*executable);
    if (!digest) return unavailable(message(digest.error()), "");
    contender.executable = *std::move(executable);
    contender.sha256 = *std::move(digest);
    return contender;
}

Result<Contender> resolve_here(Contender contender) {
    const char* path = std::getenv("PATH");
    return resolve(std::move(contender), own_folder(), path != nullptr ? path : "");
}

} // namespace kvduel::experiment
