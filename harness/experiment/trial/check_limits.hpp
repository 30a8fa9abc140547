#pragma once

namespace kvduel::experiment::limits {

// The limits of the table of checks (checks.cpp), once: the checks compare with them, `kvduel list metrics`
// and docs/how-it-measures.md print them. Shares are of 1. Sources: docs/how-it-measures.md.

inline constexpr double kLawShare = 0.005;         ///< of the mean number in flight (Little's law)
inline constexpr double kMinClosedLoopShare = 0.9; ///< of a closed loop's connections x pipeline
inline constexpr double kMaxSettlingShare = 0.1;   ///< of these, while slices end
inline constexpr double kMinHeldShare = 0.95;      ///< of a background's connections
inline constexpr double kMaxBusyShare = 0.90;      ///< of the window, of the busiest load thread
inline constexpr double kMinSentShare = 0.99;      ///< of the requests due in an open loop
inline constexpr double kMaxWaitedShare = 0.01;    ///< of the requests due, for a connection
/// P99 of send lateness: over both a time and a share of the latency it disturbs.
inline constexpr double kInvalidLatenessUs = 1'000;
inline constexpr double kInvalidLatenessShareOfP99 = 0.10;
inline constexpr double kLatenessUs = 100;
inline constexpr double kLatenessShareOfP50 = 0.05;
inline constexpr double kMaxErrorShare = 0.01;  ///< of the requests sent
inline constexpr double kMaxClockSkew = 0.001;  ///< of the window, between two clocks
inline constexpr double kClockReadsUs = 100;    ///< what the reads of the clocks may be apart, and more
inline constexpr double kMinWindowShare = 0.99; ///< of the seconds that were asked for
/// Between the samples of the server and the window that its CPU time is divided over: over both.
inline constexpr double kMaxSampleSlip = 0.01;   ///< of the window
inline constexpr double kMaxSampleSlipS = 0.005; ///< what a thread that waits may be late on any machine
inline constexpr double kMaxChange = 0.10;       ///< between the window's first and last third
inline constexpr double kMaxStealRatio = 0.01;   ///< of the machine's CPU time
inline constexpr double kMaxRunQueueWait = 0.02; ///< of the window, a load thread
inline constexpr double kMaxTickGapS = 0.5;      ///< of the harness, whose ticks come each 0.1 s

} // namespace kvduel::experiment::limits
