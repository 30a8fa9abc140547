#pragma once

#include "servers/common/options.hpp"

#include <string_view>
#include <vector>

namespace kvduel::servers::async {

/// How coroutines get threads.
enum class Runtime : std::uint8_t {
    kPerCore, ///< an io_context a thread; a connection stays on its loop
    kShared,  ///< one io_context, run by all threads
};

struct AsyncOptions : Options {
    Runtime runtime = Runtime::kPerCore;
};

std::string_view name(Runtime runtime) noexcept;

/// The rows of the flags that only this model has; they set `options`, which must outlive them.
std::vector<Flag> async_flags(AsyncOptions& options);

} // namespace kvduel::servers::async
