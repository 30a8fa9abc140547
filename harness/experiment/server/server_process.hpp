#pragma once

#include "core/support/clock.hpp"
#include "core/support/error.hpp"
#include "harness/experiment/record/trial.hpp"
#include "harness/experiment/server/live_groups.hpp"
#include "harness/experiment/server/spawn.hpp"
#include "harness/experiment/text/json_readers.hpp"
#include "harness/experiment/text/line_tail.hpp"
#include "harness/load/plan.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kvduel::experiment {

/// A server under test: started, listened to, ended. Owns the process and all it leaves behind: when this
/// goes, the group is killed and nothing of it is left. One thread, the main one (spawn()).
///
///   auto server = ServerProcess::launch(launch);   // then await_announcement or await_port, drain_output
///   auto exit = (*server)->stop(drain);            // now and then, stop
class ServerProcess {
public:
    static constexpr std::size_t kAnnouncementBytes = 4096; ///< the longest line that is read

    static Result<std::unique_ptr<ServerProcess>> launch(const Launch& launch);
    ~ServerProcess();
    ServerProcess(const ServerProcess&) = delete;
    ServerProcess& operator=(const ServerProcess&) = delete;

    /// Waits for the announce line. kUnavailable: the server ended, said nothing in time or something else;
    /// kInterrupted: `stop` was set. The server may still run then.
    Result<Announcement> await_announcement(const JsonReaders& readers, Duration limit,
                                            const std::atomic<bool>& stop);

    /// Waits until a connect to `target` succeeds. Errors as above.
    Outcome await_port(const load::Target& target, Duration limit, const std::atomic<bool>& stop);

    /// Takes in what the server wrote, so that it never waits for us. At most 1 MiB a pipe and call.
    void drain_output();

    /// Has the process ended, of itself or by a signal? Does not wait.
    bool has_ended();

    /// SIGTERM to the group, `limit` to drain, then SIGKILL; then, if no other server runs, every orphan.
    /// Waits till all is gone. Calling again gives the same answer.
    ServerExit stop(Duration limit);

    int pid() const { return spawned_.pid; }
    std::vector<std::string> stderr_tail() const { return tail_.lines(); }

private:
    explicit ServerProcess(Spawned spawned);

    bool read_announcement(); ///< true: the line is whole or too long
    void wait_for_output(Duration limit);
    Error ended_early();
    Outcome check_waiting(TimePoint deadline, Duration limit, const std::atomic<bool>& stop,
                          const char* awaited);

    Spawned spawned_;
    std::optional<LiveGroup> group_;
    LineTail tail_;
    std::string line_; ///< the announcement as far as it came
    bool has_out_ended_ = false;
    bool has_err_ended_ = false;
    std::optional<ServerExit> exit_;
};

/// "exited with 3", "was ended by SIGSEGV".
std::string describe(const ServerExit& exit);

} // namespace kvduel::experiment
