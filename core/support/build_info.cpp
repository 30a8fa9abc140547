#include "core/support/build_info.hpp"

#include "build_stamp.hpp"

namespace kvduel {

const BuildInfo& build_info() noexcept {
    static constexpr BuildInfo kInfo{KVDUEL_VERSION,    KVDUEL_GIT_SHA,  KVDUEL_DIRTY,
                                     KVDUEL_BUILD_TYPE, KVDUEL_COMPILER, KVDUEL_FLAGS};
    return kInfo;
}

} // namespace kvduel
