#pragma once

#include <atomic>

namespace kvduel::experiment {

/// Takes SIGINT and SIGTERM for the life of the object (one at a time, main thread): the first sets stop(),
/// the second kills every server's process group at once and waits no more, the third ends the program with
/// 130. SIGPIPE is ignored. The former handlers come back at the end.
class Interrupts {
public:
    Interrupts();
    ~Interrupts();
    Interrupts(const Interrupts&) = delete;
    Interrupts& operator=(const Interrupts&) = delete;

    /// Hand this to run_suite.
    static const std::atomic<bool>& stop() noexcept;
};

} // namespace kvduel::experiment
