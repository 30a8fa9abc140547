#pragma once

#include "core/kv/handle.hpp"
#include "core/store/value.hpp"
#include "servers/common/body_budget.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace kvduel::servers {

/// The body of the request in hand. One that lies whole in the connection's input is only looked at, and so
/// copied once, into its value; any other is gathered in a block of its own, which grows with what came,
/// never with what was announced, and is charged to the budget that all connections share. Not thread-safe.
class RequestBody {
public:
    explicit RequestBody(BodyBudget& budget) noexcept : charge_(budget) {}

    /// Begins a body. `announced` is its Content-Length, 0 if there is none; one that is not kept is only
    /// counted.
    void start(bool is_kept, std::uint64_t announced) noexcept;

    /// Takes the next piece, a view of the input. False when the budget is used up. Throws std::bad_alloc.
    bool take(std::string_view piece);
    /// Must be called before the input's bytes move. False and throws as take().
    bool settle();

    kv::Body body() noexcept { return {view_, is_gathered_ ? &gathered_ : nullptr}; }
    std::uint64_t received() const noexcept { return received_; }
    /// Whether more than `bytes` are still to come, or may well be.
    bool is_longer_than(std::uint64_t bytes) const noexcept;

    /// Forgets the body and gives its memory back.
    void clear() noexcept;

private:
    bool gather(std::string_view piece);

    bool is_kept_ = false;
    bool is_gathered_ = false;
    std::uint64_t announced_ = 0;
    std::uint64_t received_ = 0;
    std::string_view view_; ///< the first piece, while it is the only one
    store::ValueBuilder gathered_;
    BodyBudget::Charge charge_;
};

} // namespace kvduel::servers
