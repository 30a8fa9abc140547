#include "core/store/retired_nodes.hpp"

#include <utility>

namespace kvduel::store {

SnapshotNodes RetiredNodes::add(SnapshotNodePtr node, std::uint64_t cost, Epochs& epochs) noexcept {
    open_.push(std::move(node), cost);
    if (open_.size() < due_nodes_ && open_.cost() < due_bytes_) return {};
    while (closed_.size() != 0 && !Epochs::is_past(closed_at_, epochs.now()) && epochs.try_advance())
        continue;
    SnapshotNodes past = take_past(epochs.now());
    if (closed_.size() == 0) {
        close(epochs.now());
    } else { // a reader stalls: look again after another batch
        due_nodes_ = open_.size() + kBatchNodes;
        due_bytes_ = open_.cost() + kBatchBytes;
    }
    return past;
}

bool RetiredNodes::close(std::uint64_t now) noexcept {
    if (open_.size() != 0) closed_at_ = now;
    closed_.splice(std::move(open_));
    due_nodes_ = kBatchNodes;
    due_bytes_ = kBatchBytes;
    return closed_.size() != 0;
}

SnapshotNodes RetiredNodes::take_past(std::uint64_t now) noexcept {
    if (!Epochs::is_past(closed_at_, now)) return {};
    return std::exchange(closed_, {});
}

} // namespace kvduel::store
