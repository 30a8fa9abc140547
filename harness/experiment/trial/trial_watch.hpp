#pragma once

#include "core/support/clock.hpp"
#include "harness/experiment/machine/machine_reading.hpp"
#include "harness/experiment/record/trial.hpp"
#include "harness/experiment/server/server_process.hpp"
#include "harness/experiment/server/server_sample.hpp"
#include "harness/experiment/text/json_readers.hpp"
#include "harness/experiment/trial/waits.hpp"
#include "harness/load/run_load.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace kvduel::experiment {

/// The three clocks at one moment, in seconds.
struct Clocks {
    double monotonic_s = 0;
    double wall_s = 0;
    double boot_s = 0;
};
Clocks read_clocks();

/// What was seen at one end of the window.
struct WindowEnd {
    Clocks clocks;
    ServerSample server;
    std::optional<ServerStats> stats;
    MachineReading machine;
};

/// Watches server and machine while a load runs: samples at the ends of the window, looks at every tick, and
/// ends the load (stop()) when the user does, or the server has died or is not the one it was when this watch
/// began. For the thread that calls
/// run_load.
class TrialWatch : public load::Observer {
public:
    struct Watched {
        ServerProcess* process = nullptr; ///< null: a target that runs by itself
        std::optional<int> pid;           ///< whose CPU is counted, and that of all processes below it
        load::Target target;
        std::optional<ServerStats> stats; ///< its /-/stats page before any load; none: not to be had
    };

    TrialWatch(Watched watched, const JsonReaders& readers, const MachineReader& machine, const Waits& waits,
               const std::atomic<bool>& user_stop, std::function<void(const load::Live&)> live,
               TimePoint began);

    void phase(load::Phase phase) override;
    void tick(const load::Live& live) override;

    /// Hand this to run_load.
    const std::atomic<bool>& stop() const { return stop_; }

    const std::optional<WindowEnd>& begin() const { return begin_; }
    const std::optional<WindowEnd>& end() const { return end_; }
    PhaseTimes times() const { return times_; }
    load::Phase last_phase() const { return last_phase_; }
    bool has_server_died() const { return has_server_died_; }
    const std::string& server_change() const { return server_change_; }    ///< see server_identity.hpp
    std::optional<double> longest_gap_s() const { return longest_gap_s_; } ///< between ticks in the window
    std::optional<std::uint64_t> rss_max_bytes() const { return rss_max_bytes_; }
    std::optional<unsigned> threads_max() const { return threads_max_; }
    /// Processes of the server came or went in the window: then its ends cannot be compared.
    bool have_processes_changed() const { return have_processes_changed_; }

private:
    WindowEnd look();
    void find_processes();
    ServerSample sum_over_processes(ServerSample (*of)(int pid)) const;
    void keep_maxima(const ServerSample& sample);
    void check_server();
    void check_process(const ServerSample& sample);

    Watched watched_;
    const JsonReaders& readers_;
    const MachineReader& machine_;
    const Waits& waits_;
    const std::atomic<bool>& user_stop_;
    std::function<void(const load::Live&)> live_;
    TimePoint began_;
    std::atomic<bool> stop_{false}; ///< read by the load threads; relaxed, it carries nothing else
    std::vector<int> below_;        ///< processes below the server's, when they were last looked for
    bool have_processes_changed_ = false;
    std::optional<WindowEnd> begin_;
    std::optional<WindowEnd> end_;
    PhaseTimes times_;
    load::Phase last_phase_ = load::Phase::kPreload;
    bool has_server_died_ = false;
    ServerSample announced_; ///< the process as it was when this watch began
    std::string server_change_;
    std::optional<TimePoint> last_tick_;
    std::optional<double> longest_gap_s_;
    std::optional<std::uint64_t> rss_max_bytes_;
    std::optional<unsigned> threads_max_;
};

/// GET /-/stats, read. Absent: no such page, or not one of ours.
std::optional<ServerStats> fetch_stats(const load::Target& target, const JsonReaders& readers,
                                       Duration limit);

} // namespace kvduel::experiment
