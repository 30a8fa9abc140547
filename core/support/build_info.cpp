#include "core/support/build_info.hpp"

#include "build_stamp.hpp"

namespace kvduel {

const BuildInfo& build_info() noexcept {
    static constexpr BuildInfo kInfo{KVDUEL_VERSION,    KVDUEL_GIT_SHA,  KVDUEL_DIRTY,
                                     KVDUEL_BUILD_TYPE, KVDUEL_COMPILER, KVDUEL_FLAGS};
    return kInfo;
}

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
