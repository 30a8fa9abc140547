#include "core/kv/handle.hpp"

#include "core/kv/key_rule.hpp"

#include <string>
#include <utility>

namespace kvduel::kv {

namespace {

using http::ContentType;
using http::Refusal;
using http::Status;

Response make_message(Status status, std::string_view text) noexcept {
    Response response;
    response.head.status = status;
    response.text = text;
    if (!text.empty()) response.head.content_type = ContentType::kText;
    response.head.content_length = text.size();
    return response;
}

Response make_value_response(store::ValueRef value, ContentType type) noexcept {
    Response response;
    response.head.content_type = type;
    response.head.content_length = value.bytes().size();
    response.value = std::move(value);
    return response;
}

Response not_found() noexcept {
    return make_message(Status::kNotFound, "Key not found");
}

Response full() noexcept {
    return refuse({.status = Status::kInsufficientStorage, .closes = false});
}

Response get(const Route& route, std::string_view key, const store::Store& store) noexcept {
    store::ValueRef value = store.get(store.key(key));
    Response response = value ? make_value_response(std::move(value), ContentType::kOctets) : not_found();
    response.head_only = route.head_only;
    return response;
}

Response put(std::string_view key, Body body, store::Store& store) {
    store::ValueRef value = body.gathered != nullptr ? body.gathered->finish() : store::make_value(body.view);
    switch (store.put(store.key(key), std::move(value))) {
    case store::PutResult::kCreated: return make_message(Status::kCreated, {});
    case store::PutResult::kReplaced: return make_message(Status::kNoContent, {});
    case store::PutResult::kFull: break;
    }
    return full();
}

// The value behind "key=": copied once out of the input, or what is left of the builder's own block.
store::ValueRef take_value(Body body, std::size_t prefix) {
    if (body.gathered == nullptr) return store::make_value(body.view.substr(prefix));
    body.gathered->drop_prefix(prefix);
    return body.gathered->finish();
}

Response insert(Body body, store::Store& store, const http::Limits& limits) {
    const std::string_view bytes = body.bytes();
    const std::size_t equals = bytes.find('=');
    const std::string_view key = bytes.substr(0, equals);
    if (equals != std::string_view::npos) {
        const std::size_t value_bytes = bytes.size() - equals - 1;
        if (key.size() > limits.max_key_bytes || value_bytes > limits.max_value_bytes)
            return refuse({.status = Status::kContentTooLarge});
    }
    if (equals == std::string_view::npos || key.empty() || has_control_byte(key))
        return refuse({.closes = false, .text = "Invalid format: expected key=value"});

    // drop_prefix() moves the bytes that `key` views: such a body, too large for the input, pays a copy.
    const std::string kept_key(body.gathered != nullptr ? key : std::string_view());
    store::ValueRef value = take_value(body, equals + 1);
    const store::Key store_key = store.key(body.gathered != nullptr ? kept_key : key);
    if (store.put(store_key, std::move(value)) == store::PutResult::kFull) return full();
    return make_message(Status::kOk, "Key inserted");
}

Response erase(std::string_view key, store::Store& store) noexcept {
    return store.erase(store.key(key)) ? make_message(Status::kNoContent, {}) : not_found();
}

Response options(http::Allow allow) noexcept {
    Response response = make_message(Status::kNoContent, {});
    response.head.allow = allow;
    return response;
}

} // namespace

Response handle(const Route& route, std::string_view key, Body body, store::Store& store,
                const http::Limits& limits) {
    switch (route.operation) {
    case Operation::kGet: return get(route, key, store);
    case Operation::kPut: return put(key, body, store);
    case Operation::kErase: return erase(key, store);
    case Operation::kInsert: return insert(body, store, limits);
    case Operation::kOptions: return options(route.allow);
    case Operation::kHealth:
    case Operation::kStats:
    case Operation::kMetrics: break; // the server's own: see page()
    }
    return refuse({.status = Status::kNotFound, .closes = false});
}

Response refuse(const Refusal& refusal) noexcept {
    Response response =
        make_message(refusal.status, refusal.text.empty() ? http::reason(refusal.status) : refusal.text);
    response.head.allow = refusal.allow;
    if (refusal.closes) response.head.connection = http::ConnectionField::kClose;
    response.head_only = refusal.head_only;
    response.closes = refusal.closes;
    return response;
}

Response page(const Route& route, ContentType type, store::ValueRef text) noexcept {
    Response response = make_value_response(std::move(text), type);
    response.head_only = route.head_only;
    return response;
}

} // namespace kvduel::kv
