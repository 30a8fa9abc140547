#include "harness/cli/report_sink.hpp"

#include <cerrno>
#include <sys/stat.h>
#include <system_error>

namespace kvduel::cli {

Outcome RunSink::write(const experiment::RunReport& report) {
    if (path_.empty()) {
        if (::mkdir("results", 0755) != 0 && errno != EEXIST)
            return Error{ErrorKind::kCannotWrite, "results", std::generic_category().message(errno),
                         "use --out PATH"};
        path_ = "results/" + report.run.id + ".json";
    }
    if (!file_) file_.emplace(path_);
    return file_->write(report);
}

} // namespace kvduel::cli
