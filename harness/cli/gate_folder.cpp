#include "harness/cli/gate_folder.hpp"

#include "harness/report/json/whole_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace kvduel::cli {
namespace {

constexpr const char* kReport = "/report.json";
constexpr std::array<const char*, 3> kVerdict{"/gate.json", "/junit.xml", "/summary.md"};

Outcome make_folder(const std::string& path) {
    for (std::size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
        const std::string part = path.substr(0, slash);
        if (::mkdir(part.c_str(), 0755) != 0 && errno != EEXIST)
            return Error{ErrorKind::kCannotWrite, part, std::generic_category().message(errno),
                         "use --out DIR"};
        if (slash == std::string::npos) return ok();
    }
}

} // namespace

GateFolder::GateFolder(std::string path) : path_(std::move(path)), report_(path_ + kReport) {}

Outcome GateFolder::make() {
    if (is_made_) return ok();
    if (Outcome made = make_folder(path_); !made) return made;
    ::unlink((path_ + kReport).c_str());
    for (const char* of_before : kVerdict) ::unlink((path_ + of_before).c_str());
    is_made_ = true;
    return ok();
}

Outcome GateFolder::write(const experiment::RunReport& report) {
    if (Outcome made = make(); !made) return made;
    return report_.write(report);
}

Outcome GateFolder::write_verdict(const report::GateView& view) {
    if (Outcome made = make(); !made) return made;
    const std::array<std::string, kVerdict.size()> texts{report::gate_json(view), report::gate_junit(view),
                                                         report::gate_markdown(view)};
    for (std::size_t i = 0; i < kVerdict.size(); ++i)
        if (Outcome written = report::write_whole_file(path_ + kVerdict[i], texts[i]); !written)
            return written;
    return ok();
}

} // namespace kvduel::cli
