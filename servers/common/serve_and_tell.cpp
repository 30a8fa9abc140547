#include "servers/common/serve_and_tell.hpp"

#include "servers/common/descriptors.hpp"
#include "servers/common/process.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <new>
#include <string>
#include <system_error>

namespace kvduel::servers {
namespace {

Error failed_call(const std::system_error& error, unsigned threads) {
    const bool are_descriptors_short = error.code().value() == EMFILE;
    return {ErrorKind::kUnavailable, are_descriptors_short ? "descriptors" : "", error.what(),
            are_descriptors_short ? fmt::format("run: ulimit -n {}", reserved_descriptors(threads)) : ""};
}

} // namespace

int serve_and_tell(std::string_view program, unsigned threads, const std::function<Outcome()>& serve) {
    try {
        if (const Outcome served = serve(); !served) return report_failure(program, served.error());
    } catch (const std::system_error& error) {
        return report_failure(program, failed_call(error, threads));
    } catch (const std::bad_alloc&) {
        return report_failure(program, {ErrorKind::kUnavailable, "memory", "there is not enough to start",
                                        "free some, or lower --threads and --max-memory-bytes"});
    }
    return 0;
}

} // namespace kvduel::servers
