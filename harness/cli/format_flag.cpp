#include "harness/cli/format_flag.hpp"

#include "harness/cli/values.hpp"

namespace kvduel::cli {

Flag format_flag(report::Format& format) {
    return {"--format", "WORD", "table, json, markdown or csv [table]",
            [&format](const std::string& text) -> Outcome {
                for (const auto& [word, meaning] : report::kFormatWords) {
                    if (word != text) continue;
                    format = meaning;
                    return ok();
                }
                return bad_value("not a format", "table, json, markdown, csv");
            }};
}

Flag no_progress_flag(bool& is_progress_wanted) {
    return {"--no-progress", "", "no progress on stderr", [&is_progress_wanted](const std::string&) {
                is_progress_wanted = false;
                return ok();
            }};
}

} // namespace kvduel::cli
