#pragma once

#include "core/store/store.hpp"

#include <memory>

namespace kvduel::store {

/// One map, one mutex: the article's baseline, kept as it is.
std::unique_ptr<Store> make_mutex_store(const StoreOptions& options);

} // namespace kvduel::store
