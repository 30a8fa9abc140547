#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

namespace kvduel::servers {

/// Bounds the memory of bodies being received, over all connections (contract, section 2: a quarter of the
/// store's limit). Any thread may call; nothing blocks. Bodies that lie whole in a connection's input cost
/// nothing here.
class BodyBudget {
public:
    /// What one body holds; given back when it ends or is released. Its budget must outlive it.
    class Charge {
    public:
        explicit Charge(BodyBudget& budget) noexcept : budget_(&budget) {}
        Charge(const Charge&) = delete;
        Charge& operator=(const Charge&) = delete;
        ~Charge() { release(); }

        /// Raises the charge to `bytes`; false, and nothing changed, when that passes the limit.
        bool grow_to(std::uint64_t bytes) noexcept {
            if (bytes <= held_) return true;
            const std::uint64_t more = bytes - held_;
            if (budget_->used_.fetch_add(more, std::memory_order_relaxed) + more > budget_->limit_) {
                budget_->used_.fetch_sub(more, std::memory_order_relaxed);
                return false;
            }
            held_ = bytes;
            return true;
        }

        void release() noexcept {
            if (held_ > 0) budget_->used_.fetch_sub(std::exchange(held_, 0), std::memory_order_relaxed);
        }

    private:
        BodyBudget* budget_;
        std::uint64_t held_ = 0;
    };

    explicit BodyBudget(std::uint64_t limit_bytes) noexcept : limit_(limit_bytes) {}
    std::uint64_t used() const noexcept { return used_.load(std::memory_order_relaxed); }

private:
    const std::uint64_t limit_;
    alignas(128) std::atomic<std::uint64_t> used_{0};
};

} // namespace kvduel::servers
