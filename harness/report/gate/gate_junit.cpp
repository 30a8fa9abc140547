#include "harness/report/gate/gate_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace kvduel::report {

namespace {

using gate::GateRow;
using gate::GateVerdict;
using gate::RowWord;

/// As the value of an attribute (XML 1.0, sections 2.2 and 2.3): control bytes may not stand in XML at all.
std::string xml_escaped(std::string_view text) {
    std::string safe;
    for (const char c : text) {
        switch (c) {
        case '&': safe += "&amp;"; break;
        case '<': safe += "&lt;"; break;
        case '>': safe += "&gt;"; break;
        case '"': safe += "&quot;"; break;
        default: safe += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
        }
    }
    return safe;
}

enum class CaseOutcome { kPassed, kFailed, kSkipped, kError };

CaseOutcome outcome_of(const GateView& view, const GateRow& row) {
    if (view.result.verdict == GateVerdict::kInvalid) return CaseOutcome::kError;
    if (view.result.verdict == GateVerdict::kInconclusive)
        return row.word == RowWord::kNotWorse ? CaseOutcome::kPassed : CaseOutcome::kSkipped;
    if (row.word == RowWord::kRegression) return CaseOutcome::kFailed;
    return row.word == RowWord::kNotWorse ? CaseOutcome::kPassed : CaseOutcome::kSkipped;
}

std::string_view element_of(CaseOutcome outcome) {
    switch (outcome) {
    case CaseOutcome::kFailed: return "failure";
    case CaseOutcome::kSkipped: return "skipped";
    case CaseOutcome::kError: return "error";
    case CaseOutcome::kPassed: break;
    }
    return "";
}

std::string case_of(const GateView& view, const GateRow& row) {
    const CaseOutcome outcome = outcome_of(view, row);
    const std::string head =
        fmt::format("    <testcase classname=\"{}\" name=\"{}\"",
                    xml_escaped(row.server + "." + scenario_name(view, row)), xml_escaped(row.metric));
    if (outcome == CaseOutcome::kPassed) return head + "/>\n";
    const std::string message = fmt::format("{}: {}, allowed {}, {} pairs", gate::word_of(row.word),
                                            change_text(row), tolerance_text(row), row.n);
    return fmt::format("{}><{} message=\"{}\"/></testcase>\n", head, element_of(outcome),
                       xml_escaped(message));
}

CaseOutcome outcome_of_whole(const GateView& view) {
    switch (view.result.verdict) {
    case GateVerdict::kPass: return CaseOutcome::kPassed;
    case GateVerdict::kRegression: return CaseOutcome::kFailed;
    case GateVerdict::kInconclusive: return CaseOutcome::kSkipped;
    case GateVerdict::kInvalid: break;
    }
    return CaseOutcome::kError;
}

/// The verdict over all: a gate without an endpoint, or on a machine that concludes nothing, must not look
/// like one that passed.
std::string case_of_whole(const GateView& view) {
    const CaseOutcome outcome = outcome_of_whole(view);
    const std::string head = "    <testcase classname=\"gate\" name=\"verdict\"";
    if (outcome == CaseOutcome::kPassed) return head + "/>\n";
    return fmt::format("{}><{} message=\"{}\"/></testcase>\n", head, element_of(outcome),
                       xml_escaped(headline(view)));
}

} // namespace

std::string gate_junit(const GateView& view) {
    const auto& rows = view.result.rows;
    const auto count = [&](CaseOutcome outcome) {
        const auto of_rows =
            std::ranges::count_if(rows, [&](const GateRow& row) { return outcome_of(view, row) == outcome; });
        return of_rows + (outcome_of_whole(view) == outcome ? 1 : 0);
    };
    const std::string numbers =
        fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{:.3f}\"",
                    rows.size() + 1, count(CaseOutcome::kFailed), count(CaseOutcome::kError),
                    count(CaseOutcome::kSkipped), view.result.seconds);
    std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    text += fmt::format("<testsuites {0}>\n  <testsuite name=\"kvduel gate {1}\" {0}>\n", numbers,
                        xml_escaped(view.report.suite.id));
    text += case_of_whole(view);
    for (const GateRow& row : rows) text += case_of(view, row);
    return text + "  </testsuite>\n</testsuites>\n";
}

} // namespace kvduel::report
