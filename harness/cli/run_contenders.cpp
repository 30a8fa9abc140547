#include "harness/cli/run_contenders.hpp"

#include "harness/report/readers/contender_reader.hpp"
#include "harness/report/text/nearest_name.hpp"
#include "harness/report/text/text_pattern.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kvduel::cli {
namespace {

using experiment::Contender;

std::string file_name(const std::string& path) {
    return path.substr(path.rfind('/') == std::string::npos ? 0 : path.rfind('/') + 1);
}

Contender make_contender(std::string id, std::vector<std::string> command) {
    Contender contender;
    contender.id = contender.title = std::move(id);
    contender.model = "custom";
    contender.command = std::move(command);
    const std::string program = file_name(contender.command.front());
    const auto& known = report::builtin_contenders();
    const auto alike =
        std::ranges::find_if(known, [&](const Contender& one) { return one.command.front() == program; });
    if (alike != known.end()) {
        contender.model = alike->model;
        contender.options = alike->options;
        return contender;
    }
    const auto has_port = [](const std::string& word) { return word.find("{port}") != std::string::npos; };
    if (std::ranges::any_of(contender.command, has_port)) contender.ready = experiment::Ready::kTcp;
    return contender;
}

} // namespace

Take take_own_contender(std::function<void(Contender)> keep) {
    return [=](const std::string& text) -> Outcome {
        const std::string allowed = "ID=COMMAND, such as mine=\"./server --port {port}\"";
        const std::size_t equals = text.find('=');
        if (equals == std::string::npos) return bad_value("no '=' in it", allowed);
        const std::string id = text.substr(0, equals);
        if (!report::matches(report::TextPattern::kId, id))
            return bad_value(fmt::format("{} is not an id", report::in_quotes(id)), allowed);
        auto command = split_words(std::string_view(text).substr(equals + 1));
        if (!command) return bad_value("no command, or a quote is not closed", allowed);
        keep(make_contender(id, *std::move(command)));
        return ok();
    };
}

Result<std::vector<Contender>> choose_contenders(const experiment::Suite& suite,
                                                 const std::optional<std::vector<std::string>>& ids,
                                                 const std::vector<Contender>& own) {
    std::vector<Contender> known = report::builtin_contenders();
    known.insert(known.end(), suite.own_contenders.begin(), suite.own_contenders.end());
    std::vector<std::string> wanted = ids.value_or(suite.contenders);
    for (const Contender& contender : own) {
        if (std::ranges::find(known, contender.id, &Contender::id) != known.end())
            return Error{ErrorKind::kUsage, "--contender " + contender.id, "is the id of another contender",
                         "choose another"};
        known.push_back(contender);
        if (std::ranges::find(wanted, contender.id) == wanted.end()) wanted.push_back(contender.id);
    }
    std::vector<Contender> chosen;
    for (const std::string& id : wanted) {
        const auto found = std::ranges::find(known, id, &Contender::id);
        if (found != known.end()) {
            chosen.push_back(*found);
            continue;
        }
        std::vector<std::string_view> names;
        for (const Contender& contender : known) names.push_back(contender.id);
        const auto nearest = report::nearest_name(id, names);
        return Error{
            ErrorKind::kUsage, "--contenders",
            fmt::format("{} is not a contender; allowed: {}", report::in_quotes(id), fmt::join(names, ", ")),
            nearest ? fmt::format("did you mean {}?", *nearest) : ""};
    }
    return chosen;
}

} // namespace kvduel::cli
