#pragma once

#include "servers/references/beast-stock/work.hpp"

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace kvduel::beast_stock {

using Request = boost::beast::http::request<boost::beast::http::string_body>;
using Response = boost::beast::http::response<boost::beast::http::string_body>;

constexpr std::size_t kMaxKeyBytes = 8'192;
constexpr std::size_t kMaxValueBytes = 1 << 20;

/// The API over one map behind one mutex. Any thread may call.
class Service {
public:
    Service(const Share& cpu, const Share& wait) noexcept : work(cpu, wait) {}

    /// The answer to a whole request. Its work is the caller's to do before.
    Response handle(const Request& request);

    Work work;

private:
    Response get(const Request& request, std::string_view path);
    Response insert(const Request& request);

    std::mutex mutex_;
    std::unordered_map<std::string, std::string> pairs_; ///< under mutex_
};

} // namespace kvduel::beast_stock
