#include "core/store/key.hpp"

#include <sys/random.h>

#include <cerrno>
#include <system_error>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace kvduel::store {

HashSeed make_random_seed() {
    HashSeed seed;
    // Up to 256 bytes come whole once the pool is ready (getrandom(2)); a signal can only end the wait for
    // that.
    while (::getrandom(&seed.value, sizeof seed.value, 0) < 0)
        if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "getrandom");
    return seed;
}

Key make_key(std::string_view bytes, HashSeed seed) noexcept {
    return {bytes, XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed.value)};
}

} // namespace kvduel::store
