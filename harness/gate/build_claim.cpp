#include "harness/gate/build_claim.hpp"

#include "core/support/clock.hpp"
#include "harness/experiment/server/spawn.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <vector>

namespace kvduel::gate {

namespace {

constexpr std::size_t kMostBytes = 4'096;
constexpr Duration kPatience = std::chrono::seconds(5);

/// At the first three "; ": the flags behind them may hold anything. Fewer parts where there are fewer.
std::vector<std::string> split(std::string_view text) {
    constexpr std::string_view kBetween = "; ";
    std::vector<std::string> parts;
    for (std::size_t end = text.find(kBetween); end != std::string_view::npos && parts.size() < 3;
         end = text.find(kBetween)) {
        parts.emplace_back(text.substr(0, end));
        text.remove_prefix(end + kBetween.size());
    }
    parts.emplace_back(text);
    return parts;
}

/// What it writes on stdout until it closes it, its time is up or the bound is reached.
std::string read_output(int fd) {
    std::string text;
    const TimePoint deadline = Clock::now() + kPatience;
    for (std::array<char, 512> bytes{}; text.size() < kMostBytes;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
        pollfd waiting{fd, POLLIN, 0};
        if (left <= 0 || ::poll(&waiting, 1, static_cast<int>(left)) <= 0) break;
        const ssize_t count = ::read(fd, bytes.data(), bytes.size());
        if (count <= 0) break;
        text.append(bytes.data(), static_cast<std::size_t>(count));
    }
    return text;
}

} // namespace

std::optional<BuildClaim> parse_build_claim(std::string_view line) {
    line = line.substr(0, line.find('\n'));
    constexpr std::string_view kOpening = " (git ";
    const std::size_t begin = line.find(kOpening);
    if (begin == std::string_view::npos || !line.ends_with(')')) return std::nullopt;
    line = line.substr(begin + kOpening.size());
    line.remove_suffix(1);
    const std::vector<std::string> parts = split(line);
    if (parts.size() != 4) return std::nullopt;
    BuildClaim claim{parts[0], false, parts[1], parts[2], parts[3]};
    constexpr std::string_view kDirty = ", dirty";
    if (claim.git_sha.ends_with(kDirty)) {
        claim.is_dirty = true;
        claim.git_sha.resize(claim.git_sha.size() - kDirty.size());
    }
    return claim;
}

std::optional<BuildClaim> ask_build_claim(const std::string& executable) {
    experiment::Launch launch;
    launch.executable = executable;
    launch.arguments = {executable, "--version"};
    const auto program = experiment::spawn(launch);
    if (!program) return std::nullopt;
    const std::string text = read_output(program->out.get());
    ::kill(-program->pid, SIGKILL); // a program that has said its line has nothing left to do
    ::waitpid(program->pid, nullptr, 0);
    return parse_build_claim(text);
}

} // namespace kvduel::gate
