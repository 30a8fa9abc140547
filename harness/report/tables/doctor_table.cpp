#include "harness/report/tables/doctor_table.hpp"

#include "harness/experiment/doctor/doctor_noise.hpp"
#include "harness/report/json/run_fields.hpp"
#include "harness/report/json/words.hpp"
#include "harness/report/json/write_archive.hpp"
#include "harness/report/text/printable.hpp"
#include "harness/report/text/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kvduel::report {
namespace {

using experiment::DoctorFinding;
using experiment::Environment;
using experiment::Fitness;

std::string_view colour_of(Fitness verdict) {
    switch (verdict) {
    case Fitness::kOk: return "\x1b[32m";      // green
    case Fitness::kNote: return "\x1b[36m";    // cyan
    case Fitness::kWarning: return "\x1b[33m"; // yellow
    case Fitness::kProblem: return "\x1b[31m"; // red
    }
    return "";
}

std::string words_of(const DoctorFinding& finding) {
    return printable(finding.remedy.empty() ? finding.message : finding.message + "; " + finding.remedy);
}

std::string counted(const Environment& environment, Fitness verdict, std::string_view noun) {
    const auto number = std::ranges::count(environment.doctor, verdict, &DoctorFinding::verdict);
    return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

std::string conclusion(const Environment& environment) {
    const auto reasons = experiment::busy_reasons(environment.doctor);
    const std::string counts = fmt::format("{}, {}", counted(environment, Fitness::kProblem, "problem"),
                                           counted(environment, Fitness::kWarning, "warning"));
    if (reasons.empty()) return counts;
    return fmt::format("{}; too busy to measure: {}", counts, fmt::join(reasons, ", "));
}

std::string as_table(const Environment& environment, bool is_coloured) {
    std::size_t width = 0;
    for (const DoctorFinding& finding : environment.doctor) width = std::max(width, finding.check.size());
    std::string text;
    for (const DoctorFinding& finding : environment.doctor) {
        const std::string verdict = fmt::format("{:<7}", word_for(finding.verdict, kFitnessWords));
        const std::string shown =
            is_coloured ? fmt::format("{}{}\x1b[0m", colour_of(finding.verdict), verdict) : verdict;
        text += fmt::format("{}  {:<{}}  {}\n", shown, finding.check, width, words_of(finding));
    }
    return text + conclusion(environment) + "\n";
}

TextTable text_table(const Environment& environment) {
    TextTable table{{"verdict", "check", "reading", "remedy"}, {}};
    for (const DoctorFinding& finding : environment.doctor)
        table.rows.push_back({std::string(word_for(finding.verdict, kFitnessWords)), finding.check,
                              printable(finding.message), printable(finding.remedy)});
    return table;
}

std::string as_json(const experiment::Tool& tool, const Environment& environment) {
    const auto reasons = experiment::busy_reasons(environment.doctor);
    WriteArchive archive;
    archive.text("schema", "kvduel.doctor/1");
    archive.object("tool", tool);
    archive.object("environment", environment);
    archive.flag("busy", !reasons.empty());
    archive.texts("busy_reasons", reasons);
    return archive.take().dump(1, ' ', false, Tree::error_handler_t::replace) + "\n";
}

} // namespace

std::string finding_text(const DoctorFinding& finding) {
    return fmt::format("{}: {}", finding.check, words_of(finding));
}

std::string render_doctor(const experiment::Tool& tool, const Environment& environment, Format format,
                          bool is_coloured) {
    switch (format) {
    case Format::kTable: return as_table(environment, is_coloured);
    case Format::kMarkdown:
        return render_markdown(text_table(environment)) + "\n" + conclusion(environment) + "\n";
    case Format::kCsv: return render_csv(text_table(environment));
    case Format::kJson: return as_json(tool, environment);
    }
    return "";
}

} // namespace kvduel::report
