#include "core/support/build_info.hpp"

// Apart from build_info.cpp, so that no compiler writes pieces of the stamp into code: two builds of the same
// sources then differ in one text alone, which scripts/perf_gate.sh looks for.

namespace kvduel {

std::string version_line(std::string_view program) {
    const BuildInfo& info = build_info();
    std::string line;
    line.append(program).append(" ").append(info.version);
    line.append(" (git ").append(info.git_sha).append(info.dirty ? ", dirty" : "");
    line.append("; ").append(info.build_type).append("; ").append(info.compiler);
    line.append("; ").append(info.flags).append(")");
    return line;
}

} // namespace kvduel
