#include "servers/async/async_model.hpp"
#include "servers/async/options.hpp"
#include "servers/common/run_server.hpp"
#include "servers/common/server_main.hpp"

namespace {

using namespace kvduel;
using namespace kvduel::servers;
using namespace kvduel::servers::async;

constexpr std::string_view kProgram = "kvduel-async";

Outcome serve(const AsyncOptions& options) {
    Service service(options, kProgram, name(options.runtime), options.threads);
    AsyncModel model(service, options);
    return run_server(service, model);
}

} // namespace

int main(int argc, char** argv) {
    return server_main<AsyncOptions>(
        argc, argv, kProgram, "The tokio-style key-value server: coroutines that await.", async_flags, serve);
}
