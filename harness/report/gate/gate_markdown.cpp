#include "harness/report/gate/gate_text.hpp"
#include "harness/report/text/printable.hpp"
#include "harness/report/text/shell_word.hpp"
#include "harness/report/text/text_table.hpp"

#include <fmt/format.h>

namespace kvduel::report {

using gate::GateRow;

namespace {

std::string table_of(const GateView& view, const std::vector<const GateRow*>& rows) {
    TextTable table{{"endpoint", "head against base (95 %)", "allowed", "pairs", "p", "verdict"}, {}};
    for (const GateRow* row : rows)
        table.rows.push_back({printable(row_name(view, *row)), change_text(*row), tolerance_text(*row),
                              std::to_string(row->n), row->p ? fmt::format("{:.4f}", *row->p) : "-",
                              std::string(gate::word_of(row->word))});
    return render_markdown(table);
}

std::string what_next(const GateView& view) {
    switch (view.result.verdict) {
    case gate::GateVerdict::kPass: return "";
    case gate::GateVerdict::kRegression:
        return "Find what the change costs (the counts below, if there are any, tell whether it is more work "
               "or more waiting), or, if it is worth it, change "
               "the tolerance in a "
               "change of its own.";
    case gate::GateVerdict::kInconclusive:
        return "Nothing is proven either way. Run it once more on a fresh runner; that run is judged alone.";
    case gate::GateVerdict::kInvalid:
        return "The measurement does not stand: mend what it names and run it again.";
    }
    return "";
}

std::string build_line(const gate::ServerBuild& build) {
    const std::string links =
        build.links.size() == 1 ? "1 link" : fmt::format("{} links", build.links.size());
    if (!build.claim)
        return fmt::format("{} {}: does not tell its build, {}", build.side, build.server, links);
    return fmt::format("{} {}: git {}{}, {}, {}, {}", build.side, build.server,
                       build.claim->git_sha.substr(0, 12), build.claim->is_dirty ? " (dirty)" : "",
                       build.claim->build_type, build.claim->compiler, links);
}

std::string command_text(const std::vector<std::string>& argv) {
    std::vector<std::string> words;
    for (const std::string& word : argv) words.push_back(shell_word(word));
    return fmt::format("{}", fmt::join(words, " "));
}

} // namespace

std::string gate_markdown(const GateView& view) {
    const SortedRows rows = sorted_rows(view.result);
    std::string text = fmt::format("## kvduel gate: {}\n", markdown_text(headline(view)));
    if (!rows.first.empty() && rows.first.front()->ratio)
        text +=
            fmt::format("\nWorst: **{}** {}, allowed {}.\n", printable(row_name(view, *rows.first.front())),
                        change_text(*rows.first.front()), tolerance_text(*rows.first.front()));
    for (std::size_t i = 1; i < view.result.reasons.size(); ++i)
        text += fmt::format("\n{}.\n", markdown_text(view.result.reasons[i]));
    // Beside the verdict, for they are of its weight.
    for (const std::string& warning : view.result.warnings)
        text += fmt::format("\n**Warning:** {}.\n", markdown_text(warning));
    if (const std::string next = what_next(view); !next.empty()) text += fmt::format("\n{}\n", next);
    if (!rows.first.empty()) text += "\n" + table_of(view, rows.first);
    if (!rows.rest.empty())
        text +=
            fmt::format("\n<details><summary>{} endpoints that are not worse</summary>\n\n{}\n</details>\n",
                        rows.rest.size(), table_of(view, rows.rest));
    if (!view.work.empty()) text += "\n" + render_markdown(counts_table(view.work));
    for (const std::string& sentence : gate::disagreements(view.result, view.work))
        text += fmt::format("\nThe witnesses differ: {}.\n", markdown_text(sentence));
    text += "\n<details><summary>How it was measured</summary>\n\n";
    for (const gate::ServerBuild& build : view.result.builds)
        text += fmt::format("- {}\n", markdown_text(build_line(build)));
    const auto& environment = view.report.environment;
    text +=
        fmt::format("- {}, {} CPUs, {}; {:.1f} % stolen (median over blocks); {} of {} pairs lost\n",
                    markdown_text(environment.cpu_model), environment.cpus, markdown_text(environment.kernel),
                    100 * view.result.steal_median, view.result.pairs_lost, view.result.pairs_planned);
    text += fmt::format("- seed {}; again: {}\n", view.report.run.seed,
                        markdown_code(command_text(view.report.run.argv)));
    for (const std::string& note : view.report.run.notes) text += fmt::format("- {}\n", markdown_text(note));
    return text + "\n</details>\n";
}

} // namespace kvduel::report
