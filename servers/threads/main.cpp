#include "servers/common/run_server.hpp"
#include "servers/common/server_main.hpp"
#include "servers/threads/channel_model.hpp"
#include "servers/threads/connection_model.hpp"
#include "servers/threads/options.hpp"

namespace {

using namespace kvduel;
using namespace kvduel::servers;
using namespace kvduel::servers::threads;

constexpr std::string_view kProgram = "kvduel-threads";

Outcome serve(const ThreadsOptions& options) {
    if (options.dispatch == Dispatch::kConnection) {
        Service service(options, kProgram, name(options.dispatch), ConnectionModel::kLanes);
        ConnectionModel model(service);
        return run_server(service, model);
    }
    Service service(options, kProgram, name(options.dispatch), options.threads + 1,
                    ChannelModel::close_abandoned);
    ChannelModel model(service, options);
    return run_server(service, model);
}

} // namespace

int main(int argc, char** argv) {
    return server_main<ThreadsOptions>(argc, argv, kProgram,
                                       "The goroutine-style key-value server: threads that block.",
                                       threads_flags, serve);
}
