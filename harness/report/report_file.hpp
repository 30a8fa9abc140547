#pragma once

#include "core/support/error.hpp"
#include "harness/experiment/record/report.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace kvduel::report {

/// The report as the text of a kvduel.report/1 file, ending in a newline. Pure.
std::string report_text(const experiment::RunReport& report);

/// The same text, made again as the report grows: what a trial said is kept, so that the cost of a trial more
/// does not grow with the trials before it. Of one report, to whose trials others are only added.
class ReportText {
public:
    const std::string& of(const experiment::RunReport& report);

private:
    void add_trial(const experiment::TrialRecord& trial);

    std::size_t trials_ = 0; ///< in trial_texts_
    std::string trial_texts_;
    std::string text_;
};

/// A report again. Strict: every field of the schema, no other, each of its type and in its range; a newer
/// schema is named as such. Errors are kBadInput with file and pointer. At most 64 MiB. The arithmetic is not
/// judged here but by check_report().
Result<experiment::RunReport> parse_report(std::string_view text, std::string_view file);
Result<experiment::RunReport> read_report(const std::string& path);

/// Keeps one report in one file, whole each time (write_whole_file), compressed if the name ends in ".gz".
class FileSink final : public experiment::ReportSink {
public:
    explicit FileSink(std::string path) : path_(std::move(path)) {}
    Outcome write(const experiment::RunReport& report) override;

private:
    std::string path_;
    ReportText text_;
};

} // namespace kvduel::report
