#include "harness/cli/command_line.hpp"

#include "harness/report/text/nearest_name.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace kvduel::cli {
namespace {

Error usage(std::string where, std::string what, std::string hint = "") {
    return {ErrorKind::kUsage, std::move(where), std::move(what), std::move(hint)};
}

Error unknown(const std::string& argument, std::string_view command, std::span<const Flag> flags) {
    std::vector<std::string_view> names{"--help"};
    for (const Flag& flag : flags) names.push_back(flag.name);
    const std::string name = argument.substr(0, argument.find('='));
    const auto nearest = report::nearest_name(name, names);
    return usage(name, fmt::format("not a flag of kvduel {}", command),
                 nearest ? fmt::format("did you mean {}?", *nearest)
                         : fmt::format("allowed: {}", fmt::join(names, ", ")));
}

/// What the table does not know. A flag first: it may have left the word behind it among the positionals.
std::optional<Error> check_words(const std::vector<std::string>& extras,
                                 const std::vector<std::string>& words, std::string_view command,
                                 std::span<const Positional> positionals, std::span<const Flag> flags) {
    if (!extras.empty() && positionals.empty() && !extras.front().starts_with('-'))
        return usage(report::in_quotes(extras.front()), fmt::format("kvduel {} takes flags alone", command));
    if (!extras.empty()) return unknown(extras.front(), command, flags);
    if (words.size() > positionals.size())
        return usage(report::in_quotes(words[positionals.size()]),
                     positionals.size() == 1
                         ? fmt::format("a second {}; allowed: one", positionals.front().name)
                         : fmt::format("one word too many; allowed: {}", positionals.size()));
    if (words.size() < positionals.size() && !positionals[words.size()].is_optional)
        return usage("", fmt::format("{} needs its {}: {}", command, positionals[words.size()].name,
                                     positionals[words.size()].help));
    return std::nullopt;
}

std::optional<Error> take_flag(const Flag& flag, const CLI::Option& option) {
    if (option.count() > 1 && !flag.may_repeat) return usage(flag.name, "given twice; allowed: once");
    if (option.count() > 0 && flag.placeholder.empty()) {
        const Outcome outcome = flag.take("");
        return outcome ? std::nullopt : std::optional(outcome.error());
    }
    for (const std::string& value : option.results()) {
        Outcome outcome = flag.take(value);
        if (outcome) continue;
        Error error = std::move(outcome).error();
        if (error.where.empty()) error.where = fmt::format("{} {}", flag.name, value);
        return error;
    }
    return std::nullopt;
}

/// CLI11 throws when a flag stands without its value; its text begins with the flag.
Error missing_value(const CLI::ParseError& fault) {
    const std::string text = fault.what();
    return usage(text.substr(0, text.find_first_of(": ")), "needs a value");
}

} // namespace

Result<Parsed> parse_command_line(std::string_view command, std::string_view summary,
                                  std::span<const Positional> positionals, std::span<const Flag> flags,
                                  std::span<const std::string> arguments) {
    CLI::App app(std::string(summary), fmt::format("kvduel {}", command));
    app.set_help_flag("--help", "show this and exit");
    app.allow_extras();
    std::vector<std::string> words;
    if (!positionals.empty()) {
        std::string names;
        for (const Positional& one : positionals) names += (names.empty() ? "" : " ") + one.name;
        app.add_option(names, words, positionals.front().help)->expected(-1);
    }
    // CLI11 keeps every value as text; the tables check them, so that messages read alike.
    std::vector<std::vector<std::string>> values(flags.size());
    std::vector<std::size_t> times(flags.size());
    std::vector<CLI::Option*> options;
    for (std::size_t i = 0; i < flags.size(); ++i) {
        if (flags[i].placeholder.empty()) {
            options.push_back(app.add_flag(flags[i].name, times[i], flags[i].help));
        } else {
            options.push_back(app.add_option(flags[i].name, values[i], flags[i].help)
                                  ->type_name(flags[i].placeholder)
                                  ->type_size(1)
                                  ->expected(1)
                                  ->allow_extra_args(false)
                                  ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll));
        }
    }
    try {
        app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    } catch (const CLI::CallForHelp&) {
        fmt::print("{}", app.help());
        return Parsed::kHelpShown;
    } catch (const CLI::ParseError& fault) {
        return missing_value(fault);
    }
    if (const auto error = check_words(app.remaining(), words, command, positionals, flags)) return *error;
    for (std::size_t i = 0; i < flags.size(); ++i)
        if (const auto error = take_flag(flags[i], *options[i])) return *error;
    for (std::size_t i = 0; i < words.size(); ++i)
        if (const Outcome outcome = positionals[i].take(words[i]); !outcome) return outcome.error();
    return Parsed::kGo;
}

Result<Parsed> parse_command_line(std::string_view command, std::string_view summary,
                                  const Positional& positional, std::span<const Flag> flags,
                                  std::span<const std::string> arguments) {
    const std::span<const Positional> all(&positional, positional.name.empty() ? 0 : 1);
    return parse_command_line(command, summary, all, flags, arguments);
}

} // namespace kvduel::cli
