#pragma once

#include "core/kv/handle.hpp"
#include "core/kv/route.hpp"
#include "servers/common/service.hpp"

namespace kvduel::servers {

/// The answer of a page under /-/: health, stats (JSON) or metrics (Prometheus text), as of now. Adds up
/// every thread's figures, which costs some 100 us: it is for people and for the ends of a trial. Throws
/// std::bad_alloc.
kv::Response make_page(const kv::Route& route, const Service& service);

} // namespace kvduel::servers
