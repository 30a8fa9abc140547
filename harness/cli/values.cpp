#include "harness/cli/values.hpp"

#include "harness/experiment/machine/cpu_plan.hpp"
#include "harness/report/json/workload_text.hpp"
#include "harness/report/text/text_pattern.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace kvduel::cli {

Error bad_value(std::string what, std::string allowed) {
    return {ErrorKind::kUsage, "", std::move(what), allowed.empty() ? "" : "allowed: " + allowed};
}

Take take_integer(std::uint64_t least, std::uint64_t most, std::function<void(std::uint64_t)> keep) {
    return [=](const std::string& text) -> Outcome {
        const std::string allowed = fmt::format("an integer from {} to {}", least, most);
        std::uint64_t number = 0;
        const char* const end = text.data() + text.size();
        const auto [stopped, error] = std::from_chars(text.data(), end, number);
        if (error == std::errc::invalid_argument || stopped != end)
            return bad_value("not an integer", allowed);
        if (error != std::errc{} || number < least || number > most)
            return bad_value("out of range", allowed);
        keep(number);
        return ok();
    };
}

Take take_number(double least, double most, std::string_view unit, std::function<void(double)> keep) {
    return [=, unit = std::string(unit)](const std::string& text) -> Outcome {
        const std::string allowed = fmt::format("{} from {} to {}", unit, least, most);
        const std::optional<double> number = report::parse_number(text);
        if (!number) return bad_value("not a number", allowed);
        if (*number < least || *number > most) return bad_value("out of range", allowed);
        keep(*number);
        return ok();
    };
}

std::string without_multiplier(std::string_view text) {
    if (text.empty()) return {};
    const double factor = text.back() == 'k' || text.back() == 'K' ? 1e3 : text.back() == 'M' ? 1e6 : 0;
    const std::optional<double> number = report::parse_number(text.substr(0, text.size() - 1));
    if (factor == 0 || !number || *number < 0 || *number > 1e9) return {};
    return fmt::format("{:.0f}", *number * factor);
}

Take take_text(std::function<void(std::string)> keep) {
    return [=](const std::string& text) -> Outcome {
        if (text.empty()) return bad_value("is empty", "a text");
        keep(text);
        return ok();
    };
}

Take take_ids(std::function<void(std::vector<std::string>)> keep) {
    return [=](const std::string& text) -> Outcome {
        std::vector<std::string> ids;
        for (std::size_t begin = 0; begin <= text.size();) {
            const std::size_t end = std::min(text.find(',', begin), text.size());
            ids.push_back(text.substr(begin, end - begin));
            if (!report::matches(report::TextPattern::kId, ids.back()))
                return bad_value("not a list of ids", "ids with commas between them, such as threads,async");
            if (std::count(ids.begin(), ids.end(), ids.back()) > 1)
                return bad_value(fmt::format("\"{}\" appears twice", ids.back()), "each id once");
            begin = end + 1;
        }
        keep(std::move(ids));
        return ok();
    };
}

Take take_cpus(std::function<void(std::vector<int>)> keep) {
    return [=](const std::string& text) -> Outcome {
        const std::vector<int> cpus = experiment::parse_cpu_list(text);
        if (cpus.empty())
            return bad_value("not a list of CPUs",
                             "numbers and ranges of the CPUs of this machine, such as 0-1,3");
        keep(cpus);
        return ok();
    };
}

std::optional<std::vector<std::string>> split_words(std::string_view text) {
    std::vector<std::string> words;
    bool is_in_word = false;
    char quote = 0;
    for (const char byte : text) {
        if (quote == 0 && (byte == ' ' || byte == '\t')) {
            is_in_word = false;
            continue;
        }
        if (!is_in_word) words.emplace_back();
        is_in_word = true;
        if (quote == 0 && (byte == '"' || byte == '\'')) {
            quote = byte;
        } else if (byte == quote) {
            quote = 0;
        } else {
            words.back() += byte;
        }
    }
    if (quote != 0 || words.empty() || words.front().empty()) return std::nullopt;
    return words;
}

} // namespace kvduel::cli
