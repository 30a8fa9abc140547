#pragma once

#include "core/support/error.hpp"
#include "harness/experiment/report.hpp"

#include <string>
#include <string_view>

namespace kvduel::report {

/// The report as the text of a kvduel.report/1 file, ending in a newline. Pure.
std::string report_text(const experiment::RunReport& report);

/// A report again. Strict: every field of the schema, no other, each of its type and in its range; a newer
/// schema is named as such. Errors are kBadInput with file and pointer. At most 64 MiB. The arithmetic is not
/// judged here but by check_report().
Result<experiment::RunReport> parse_report(std::string_view text, std::string_view file);
Result<experiment::RunReport> read_report(const std::string& path);

/// Keeps a report in one file, whole each time (write_whole_file).
class FileSink final : public experiment::ReportSink {
public:
    explicit FileSink(std::string path) : path_(std::move(path)) {}
    Outcome write(const experiment::RunReport& report) override;

private:
    std::string path_;
};

} // namespace kvduel::report
