#include "servers/common/flags.hpp"

#include "core/support/build_info.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <cstdio>

namespace kvduel::servers {
namespace {

// CLI11 may say why in several lines; an error here is one.
std::string first_line(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

} // namespace

Result<CommandLine> parse_command_line(int argc, const char* const* argv, std::string_view program,
                                       std::string_view purpose, std::span<const Flag> flags) {
    CLI::App app{std::string(purpose), std::string(program)};
    app.set_version_flag("--version", version_line(program));
    std::vector<std::string> texts(flags.size());
    std::vector<CLI::Option*> given;
    for (std::size_t i = 0; i < flags.size(); ++i) {
        given.push_back(app.add_option(flags[i].name, texts[i], flags[i].help)->type_name(flags[i].value));
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& answer) {
        app.exit(answer);
        std::fflush(stdout);
        return CommandLine::kAnswered;
    } catch (const CLI::ParseError& error) {
        return Error{ErrorKind::kUsage, "", first_line(error.what()), fmt::format("see {} --help", program)};
    }
    for (std::size_t i = 0; i < flags.size(); ++i) {
        if (given[i]->count() == 0) continue;
        if (Outcome outcome = flags[i].set(flags[i].name, texts[i]); !outcome) return outcome.error();
    }
    return CommandLine::kRun;
}

Result<std::uint64_t> parse_number(std::string_view flag, std::string_view text, std::uint64_t least,
                                   std::uint64_t most) {
    std::uint64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec == std::errc() && read.ptr == text.data() + text.size() && number >= least &&
        number <= most) {
        return number;
    }
    return Error{ErrorKind::kUsage, fmt::format("{} {}", flag, text),
                 fmt::format("not allowed; allowed: whole numbers from {} to {}", least, most), ""};
}

Result<std::size_t> parse_word(std::string_view flag, std::string_view text,
                               std::span<const std::string_view> words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i] == text) return i;
    }
    return Error{ErrorKind::kUsage, fmt::format("{} {}", flag, text),
                 fmt::format("not allowed; allowed: {}", fmt::join(words, ", ")), ""};
}

} // namespace kvduel::servers
