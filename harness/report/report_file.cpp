#include "harness/report/report_file.hpp"

#include "harness/report/json/gzip.hpp"
#include "harness/report/json/read_archive.hpp"
#include "harness/report/json/report_fields.hpp"
#include "harness/report/json/strict_json.hpp"
#include "harness/report/json/whole_file.hpp"
#include "harness/report/json/write_archive.hpp"
#include "harness/report/text/nearest_name.hpp"

#include <fmt/format.h>

namespace kvduel::report {
namespace {

constexpr const char* kReportSchema = "kvduel.report/1";
// As they stand at the first level of a report: nowhere else, for no text holds a line break.
constexpr std::string_view kNoTrials = "\n \"trials\": []";
constexpr std::string_view kTrials = "\n \"trials\": [";
constexpr JsonLimits kReportLimits{.max_bytes = std::size_t{64} << 20};

std::string dump(const Tree& tree) {
    // Bytes of a server's stderr need not be UTF-8: what is not becomes U+FFFD.
    return tree.dump(1, ' ', false, Tree::error_handler_t::replace);
}

Result<experiment::RunReport> report_from(const Json& tree, std::string_view file) {
    Faults faults;
    const Place root{std::string(file), ""};
    ReadArchive archive(tree, root, faults);
    std::string schema;
    archive.text("schema", schema);
    if (!faults.first() && schema != kReportSchema)
        archive.fault("schema", fmt::format("{} is not a schema this kvduel reads; allowed: \"{}\"",
                                            in_quotes(schema), kReportSchema));
    experiment::RunReport report;
    fields(archive, report);
    archive.finish();
    if (faults.first()) return *faults.first();
    return report;
}

} // namespace

std::string report_text(const experiment::RunReport& report) {
    return ReportText().of(report);
}

const std::string& ReportText::of(const experiment::RunReport& report) {
    for (std::size_t i = trials_; i < report.trials.size(); ++i) add_trial(report.trials[i]);
    WriteArchive archive;
    archive.text("schema", kReportSchema);
    archive.leave_out("trials");
    fields(archive, report);
    text_ = dump(archive.take());
    if (trials_ > 0)
        text_.replace(text_.find(kNoTrials), kNoTrials.size(), std::string(kTrials) + trial_texts_ + "\n ]");
    text_ += '\n';
    return text_;
}

void ReportText::add_trial(const experiment::TrialRecord& trial) {
    WriteArchive archive;
    fields(archive, trial);
    trial_texts_ += trials_++ == 0 ? "\n  " : ",\n  ";
    for (const char letter : dump(archive.take())) {
        trial_texts_ += letter;
        if (letter == '\n') trial_texts_ += "  "; // it stands two levels down
    }
}

Result<experiment::RunReport> parse_report(std::string_view text, std::string_view file) {
    const Result<Json> tree = parse_json(text, file, kReportLimits);
    return tree ? report_from(*tree, file) : tree.error();
}

Result<experiment::RunReport> read_report(const std::string& path) {
    const Result<Json> tree = read_json_file(path, kReportLimits);
    return tree ? report_from(*tree, path) : tree.error();
}

Outcome FileSink::write(const experiment::RunReport& report) {
    const std::string& text = text_.of(report);
    return path_.ends_with(".gz") ? write_whole_file(path_, gzip(text)) : write_whole_file(path_, text);
}

} // namespace kvduel::report
