#pragma once

#include "core/http/method.hpp"
#include "core/http/status.hpp"

#include <string_view>

namespace kvduel::http {

/// A request that is answered without being carried out. `closes` is the contract's "!": answer, linger,
/// close. When it does not close, the request's body is still read (and dropped) before the answer goes out.
struct Refusal {
    Status status = Status::kBadRequest;
    bool closes = true;
    bool head_only = false; ///< the request was HEAD: the answer has GET's fields and no body
    Allow allow = Allow::kNone;
    std::string_view text = {}; ///< a constant body; empty: the reason phrase
};

/// The bytes so far are good as far as they go.
struct NeedMore {};

} // namespace kvduel::http
