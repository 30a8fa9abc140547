#include "core/http/method.hpp"

#include <array>
#include <utility>

namespace kvduel::http {

Method parse_method(std::string_view token) noexcept {
    using Row = std::pair<std::string_view, Method>;
    // The frequent ones first: the search is linear.
    static constexpr std::array<Row, 9> kMethods{
        Row{"GET", Method::kGet},     Row{"POST", Method::kPost},     Row{"PUT", Method::kPut},
        Row{"HEAD", Method::kHead},   Row{"DELETE", Method::kDelete}, Row{"OPTIONS", Method::kOptions},
        Row{"PATCH", Method::kPatch}, Row{"TRACE", Method::kTrace},   Row{"CONNECT", Method::kConnect},
    };
    for (const auto& [name, method] : kMethods)
        if (name == token) return method;
    return Method::kUnknown;
}

std::string_view allow_text(Allow allow) noexcept {
    switch (allow) {
    case Allow::kNone: return {};
    case Allow::kRoot: return "GET, HEAD, POST, OPTIONS";
    case Allow::kKey: return "GET, HEAD, PUT, DELETE, OPTIONS";
    case Allow::kPage: return "GET, HEAD, OPTIONS";
    case Allow::kAny: return "GET, HEAD, POST, PUT, DELETE, OPTIONS";
    }
    return {}; // unreachable: -Wswitch names a set without a row
}

} // namespace kvduel::http
