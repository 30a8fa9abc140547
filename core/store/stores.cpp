#include "core/store/mutex_store.hpp"
#include "core/store/sharded_store.hpp"
#include "core/store/snapshot_store.hpp"
#include "core/store/store.hpp"

#include <array>
#include <string>

namespace kvduel::store {

namespace {

constexpr std::array kStores{
    StoreKind{"mutex", make_mutex_store},
    StoreKind{"sharded", make_sharded_store},
    StoreKind{"snapshot", make_snapshot_store},
};

std::string join_names() {
    std::string names;
    for (const StoreKind& kind : kStores) names.append(names.empty() ? "" : ", ").append(kind.name);
    return names;
}

} // namespace

std::span<const StoreKind> stores() noexcept {
    return kStores;
}

const StoreKind* find_store(std::string_view name) noexcept {
    for (const StoreKind& kind : kStores)
        if (kind.name == name) return &kind;
    return nullptr;
}

std::string_view store_names() noexcept {
    static const std::string kNames = join_names();
    return kNames;
}

} // namespace kvduel::store
