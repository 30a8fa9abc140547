#pragma once

#include "core/store/store.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <string_view>

namespace kvduel::store {

/// Runs `check` on a fresh store of each kind: a new one is under all these tests from its first day.
template <typename Check>
void for_each_store(const StoreOptions& options, Check&& check) {
    for (const StoreKind& kind : stores()) {
        const std::string name(kind.name);
        CAPTURE(name);
        const std::unique_ptr<Store> store = kind.make(options);
        check(*store);
    }
}

inline PutResult put(Store& store, std::string_view key, std::string_view value) {
    return store.put(store.key(key), make_value(value));
}

/// The value as text, or "(none)".
inline std::string get(const Store& store, std::string_view key) {
    const ValueRef value = store.get(store.key(key));
    return value ? std::string(value.bytes()) : "(none)";
}

} // namespace kvduel::store
