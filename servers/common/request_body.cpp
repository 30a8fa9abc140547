#include "servers/common/request_body.hpp"

#include <algorithm>
#include <utility>

namespace kvduel::servers {

void RequestBody::start(bool is_kept, std::uint64_t announced) noexcept {
    is_kept_ = is_kept;
    announced_ = announced;
    received_ = 0;
}

bool RequestBody::take(std::string_view piece) {
    received_ += piece.size();
    if (!is_kept_ || piece.empty()) return true;
    if (!is_gathered_ && view_.empty()) {
        view_ = piece;
        return true;
    }
    return settle() && gather(piece);
}

bool RequestBody::settle() {
    return view_.empty() || gather(std::exchange(view_, {}));
}

bool RequestBody::is_longer_than(std::uint64_t bytes) const noexcept {
    if (announced_ == 0) return received_ > bytes; // chunked: what was long goes on to be
    return announced_ > received_ + bytes;
}

void RequestBody::clear() noexcept {
    view_ = {};
    if (!is_gathered_) return;
    gathered_ = store::ValueBuilder{};
    is_gathered_ = false;
    charge_.release();
}

bool RequestBody::gather(std::string_view piece) {
    is_gathered_ = true;
    constexpr std::size_t kOverhead = store::ValueBuilder::kOverheadBytes;
    const std::size_t needed = kOverhead + gathered_.bytes().size() + piece.size(); // as capacity() counts
    if (needed > gathered_.capacity()) {
        std::size_t larger = std::max(needed, 2 * gathered_.capacity());
        if (kOverhead + announced_ >= needed) larger = std::min<std::size_t>(larger, kOverhead + announced_);
        if (!charge_.grow_to(larger)) return false;
        gathered_.reserve(larger - kOverhead);
    }
    gathered_.append(piece);
    return true;
}

} // namespace kvduel::servers
