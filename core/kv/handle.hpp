#pragma once

#include "core/http/limits.hpp"
#include "core/http/response_head.hpp"
#include "core/kv/route.hpp"
#include "core/store/store.hpp"

#include <string_view>

namespace kvduel::kv {

/// An answer before it is bytes: a head and the body, which is a constant text or a value held by count.
struct Response {
    http::ResponseHead head;
    std::string_view text;  ///< constant, or empty
    store::ValueRef value;  ///< empty when the body is `text`
    bool head_only = false; ///< write the head alone; content_length stands
    bool closes = false;    ///< the contract's "!": after this answer, linger and close

    std::string_view body() const noexcept {
        if (head_only) return {};
        return value ? value.bytes() : text;
    }
};

/// A whole request body: either a view of bytes still in the input, or what a builder gathered.
struct Body {
    std::string_view view;
    store::ValueBuilder* gathered = nullptr; ///< when set, holds the body and `view` is unused

    std::string_view bytes() const noexcept { return gathered != nullptr ? gathered->bytes() : view; }
};

/// Carries the request out against the store. `route` must not be a page. A write is stored only here, that
/// is, only when its whole body has arrived. Throws std::bad_alloc, having stored nothing. Any thread; blocks
/// on no I/O.
Response handle(const Route& route, std::string_view key, Body body, store::Store& store,
                const http::Limits& limits);

/// The answer to a refusal: the contract's constant body, never a byte of the request.
Response refuse(const http::Refusal& refusal) noexcept;

/// A page's answer (health, stats, metrics), its text kept by count.
Response page(const Route& route, http::ContentType type, store::ValueRef text) noexcept;

} // namespace kvduel::kv
