#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <utility>

namespace kvduel::servers {

/// Bounds the requests between admission and answer (contract, section 2). Any thread may call; nothing
/// blocks.
///   auto ticket = admission.try_admit();  if (!ticket) answer 503
/// The count is the one exact atomic that all requests share; every other figure is kept per thread.
class Admission {
public:
    /// A place under the cap, given back when it ends. Its Admission must outlive it.
    class Ticket {
    public:
        Ticket(Ticket&& other) noexcept : admission_(std::exchange(other.admission_, nullptr)) {}
        Ticket& operator=(Ticket&& other) noexcept {
            std::swap(admission_, other.admission_);
            return *this;
        }
        ~Ticket() {
            if (admission_ != nullptr) admission_->in_flight_.fetch_sub(1, std::memory_order_relaxed);
        }

    private:
        friend class Admission;
        explicit Ticket(Admission* admission) noexcept : admission_(admission) {}
        Admission* admission_;
    };

    explicit Admission(std::uint32_t max_in_flight) noexcept : max_in_flight_(max_in_flight) {}

    /// None at the limit; the caller counts the rejection. Exact: never more tickets than the limit.
    std::optional<Ticket> try_admit() noexcept {
        // Relaxed: the count orders no other memory, and fetch_add alone makes it exact.
        if (in_flight_.fetch_add(1, std::memory_order_relaxed) >= max_in_flight_) {
            in_flight_.fetch_sub(1, std::memory_order_relaxed);
            return std::nullopt;
        }
        return Ticket(this);
    }

    std::uint32_t in_flight() const noexcept { return in_flight_.load(std::memory_order_relaxed); }

private:
    const std::uint32_t max_in_flight_;
    alignas(128) std::atomic<std::uint32_t> in_flight_{0};
};

} // namespace kvduel::servers
