#pragma once

#include "harness/load/exchange.hpp"
#include "harness/workload/value.hpp"
#include "harness/workload/workload.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace kvduel::load {

/// Holds the bytes of every kind of request, written before the clock starts; a request is then a copy with
/// its key's digits and its value patched in. Immutable; any thread may use it.
class RequestBuilder {
public:
    RequestBuilder(const workload::Workload& workload, const workload::ValueCodec& codec,
                   std::string_view host);

    /// Enough for any request.
    std::size_t max_bytes() const noexcept { return max_bytes_; }

    /// Writes the request to `out` and returns its size.
    std::size_t write(const Exchange& exchange, char* out) const noexcept;

private:
    struct Template {
        std::string text;
        std::size_t key_digits_at = 0;
    };
    static constexpr std::size_t kNoKey = std::string::npos; ///< a request of one path: nothing to patch

    static Template make_get(std::string_view host, bool closes);
    static Template make_path_get(std::string_view path, std::string_view host, bool closes);
    static Template make_post(std::size_t value_bytes, std::string_view host, bool closes);

    workload::ValueCodec codec_;
    Template get_[2]; ///< by `closes`
    Template post_[2];
    std::size_t max_bytes_;
};

} // namespace kvduel::load
