#include "servers/references/beast-stock/service.hpp"

#include <time.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace kvduel::beast_stock {
namespace {

namespace http = boost::beast::http;

/// IMF-fixdate, made once a second and thread.
std::string_view date() {
    thread_local std::time_t made = 0;
    thread_local std::array<char, 32> text{};
    thread_local std::size_t size = 0;
    const std::time_t now = ::time(nullptr);
    if (now != made) {
        std::tm utc{};
        ::gmtime_r(&now, &utc);
        size = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc);
        made = now;
    }
    return {text.data(), size};
}

Response make_response(const Request& request, http::status status, std::string_view type, std::string body) {
    Response response(status, request.version());
    response.set(http::field::date, date());
    response.set(http::field::content_type, type);
    response.keep_alive(request.keep_alive());
    response.body() = std::move(body);
    response.prepare_payload();
    if (request.method() == http::verb::head) response.body().clear(); // its length is told all the same
    return response;
}

Response message(const Request& request, http::status status, std::string_view text) {
    return make_response(request, status, "text/plain; charset=utf-8", std::string(text));
}

Response refusal(const Request& request, http::status status) {
    return message(request, status, http::obsolete_reason(status));
}

Response value_response(const Request& request, std::string value) {
    Response response =
        make_response(request, http::status::ok, "application/octet-stream", std::move(value));
    response.set("X-Content-Type-Options", "nosniff");
    return response;
}

Response not_allowed(const Request& request, bool is_root) {
    Response response = refusal(request, http::status::method_not_allowed);
    response.set(http::field::allow, is_root ? "GET, POST" : "GET");
    return response;
}

std::string_view path_of(const Request& request) {
    const std::string_view target(request.target().data(), request.target().size());
    return target.substr(0, target.find('?'));
}

/// None if a percent sign has no two hex digits behind it.
std::optional<std::string> percent_decoded(std::string_view escaped) {
    std::string decoded;
    decoded.reserve(escaped.size());
    for (std::size_t i = 0; i < escaped.size(); ++i) {
        if (escaped[i] != '%') {
            decoded.push_back(escaped[i]);
            continue;
        }
        const std::string_view digits = escaped.substr(i + 1, 2);
        unsigned char byte = 0;
        const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
        if (read.ec != std::errc() || read.ptr - digits.data() != 2) return std::nullopt;
        decoded.push_back(static_cast<char>(byte));
        i += 2;
    }
    return decoded;
}

bool is_control(char byte) {
    return (byte >= 0 && byte < ' ') || byte == '\x7f';
}

} // namespace

Response Service::handle(const Request& request) {
    const std::string_view path = path_of(request);
    const bool is_root = path == "/";
    if (request.method() == http::verb::get) return get(request, path);
    if (request.method() == http::verb::post && is_root) return insert(request);
    return not_allowed(request, is_root);
}

Response Service::get(const Request& request, std::string_view path) {
    const std::string_view escaped = path.starts_with('/') ? path.substr(1) : path;
    if (escaped.empty()) return message(request, http::status::bad_request, "Key cannot be empty");
    if (escaped.find('/') != std::string_view::npos) return refusal(request, http::status::not_found);
    const std::optional<std::string> key = percent_decoded(escaped);
    if (!key) return refusal(request, http::status::bad_request);

    std::unique_lock lock(mutex_);
    const auto found = pairs_.find(*key);
    if (found == pairs_.end()) {
        lock.unlock();
        return message(request, http::status::not_found, "Key not found");
    }
    std::string value = found->second;
    lock.unlock();
    return value_response(request, std::move(value));
}

Response Service::insert(const Request& request) {
    const std::string_view body = request.body();
    const std::size_t equals = body.find('=');
    const std::string_view key = body.substr(0, equals);
    if (equals == std::string_view::npos || key.empty() || std::ranges::any_of(key, is_control))
        return message(request, http::status::bad_request, "Invalid format: expected key=value");
    const std::string_view value = body.substr(equals + 1);
    if (key.size() > kMaxKeyBytes || value.size() > kMaxValueBytes)
        return message(request, http::status::payload_too_large, "Content Too Large");
    {
        const std::lock_guard lock(mutex_);
        pairs_.insert_or_assign(std::string(key), std::string(value));
    }
    return message(request, http::status::ok, "Key inserted");
}

} // namespace kvduel::beast_stock
