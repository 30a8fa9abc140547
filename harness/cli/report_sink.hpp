#pragma once

#include "harness/experiment/record/report.hpp"
#include "harness/report/report_file.hpp"

#include <optional>
#include <string>

namespace kvduel::cli {

/// Keeps the report of a run in the file that --out names, or in results/<run id>.json; the folder results is
/// made if there is none.
class RunSink final : public experiment::ReportSink {
public:
    explicit RunSink(std::string path) : path_(std::move(path)) {}
    Outcome write(const experiment::RunReport& report) override;
    const std::string& path() const noexcept { return path_; }

private:
    std::string path_; ///< empty until the first report, if --out names none
    std::optional<report::FileSink> file_;
};

/// Keeps nothing: `kvduel load` without --out.
class NoSink final : public experiment::ReportSink {
public:
    Outcome write(const experiment::RunReport&) override { return ok(); }
};

} // namespace kvduel::cli
