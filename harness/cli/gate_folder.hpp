#pragma once

#include "harness/experiment/record/report.hpp"
#include "harness/report/gate/gate_text.hpp"
#include "harness/report/report_file.hpp"

#include <string>

namespace kvduel::cli {

/// The folder of a gate's files: report.json, and the three that say the verdict (gate.json, junit.xml,
/// summary.md). It is made with the first of them. What an earlier gate left there goes then: a verdict must
/// not outlive its report. Errors: kCannotWrite.
class GateFolder final : public experiment::ReportSink {
public:
    explicit GateFolder(std::string path);
    Outcome write(const experiment::RunReport& report) override;
    Outcome write_verdict(const report::GateView& view);

private:
    Outcome make();

    std::string path_;
    report::FileSink report_;
    bool is_made_ = false;
};

} // namespace kvduel::cli
