#pragma once

#include <cstddef>
#include <vector>

namespace kvduel::store {

/// For tests: linearizability by its definition (Herlihy and Wing 1990), for histories small enough to try
/// every order of their operations. `Operation` has `start` and `end`; `fits(operation, state)` says whether
/// it could be what happened in `state`, and then makes `state` what it leaves.
template <typename Operation, typename State, typename Fits>
class EveryOrder {
public:
    EveryOrder(const std::vector<Operation>& history, const Fits& fits)
        : history_(history), fits_(fits), is_placed_(history.size()) {}

    /// Does some order that keeps who ended before whom began explain all that follows on `state`?
    bool explains(const State& state, std::size_t placed = 0) {
        if (placed == history_.size()) return true;
        for (std::size_t next = 0; next < history_.size(); ++next) {
            State after = state;
            if (is_placed_[next] || !may_come(history_[next]) || !fits_(history_[next], after)) continue;
            is_placed_[next] = true;
            const bool does = explains(after, placed + 1);
            is_placed_[next] = false;
            if (does) return true;
        }
        return false;
    }

private:
    /// Nothing that is still to be placed had ended before it began.
    bool may_come(const Operation& operation) const {
        for (std::size_t other = 0; other < history_.size(); ++other)
            if (!is_placed_[other] && history_[other].end < operation.start) return false;
        return true;
    }

    const std::vector<Operation>& history_;
    const Fits& fits_;
    std::vector<bool> is_placed_;
};

template <typename Operation, typename State, typename Fits>
bool some_order_explains(const std::vector<Operation>& history, const State& state, const Fits& fits) {
    return EveryOrder<Operation, State, Fits>(history, fits).explains(state);
}

} // namespace kvduel::store
