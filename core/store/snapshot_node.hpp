#pragma once

#include "core/store/key.hpp"
#include "core/store/value.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

namespace kvduel::store {

/// An entry of the snapshot store: one heap block, the key's bytes at its end. Immutable once published, so
/// that readers need no lock: a new value is a new node.
struct SnapshotNode {
    ValueRef value;
    mutable const SnapshotNode* next = nullptr; ///< of a SnapshotNodes; readers never look
    std::uint64_t hash = 0;
    std::uint32_t key_size = 0;
    char key_start[4] = {};

    std::string_view key() const noexcept;

    /// What it counts for in the memory budget, from its allocation until it is freed.
    std::uint64_t cost() const noexcept;

    struct Free {
        void operator()(const SnapshotNode* node) const noexcept;
    };
};
using SnapshotNodePtr = std::unique_ptr<const SnapshotNode, SnapshotNode::Free>;

/// Throws std::bad_alloc.
SnapshotNodePtr make_snapshot_node(const Key& key, ValueRef value);

/// Unlinked nodes that are freed together: owns them, allocates nothing. Not thread-safe.
class SnapshotNodes {
public:
    SnapshotNodes() noexcept = default;
    SnapshotNodes(SnapshotNodes&& other) noexcept { swap(other); }
    SnapshotNodes& operator=(SnapshotNodes&& other) noexcept {
        SnapshotNodes(std::move(other)).swap(*this);
        return *this;
    }
    ~SnapshotNodes();

    /// `cost`: what its end gives back.
    void push(SnapshotNodePtr node, std::uint64_t cost) noexcept;
    void splice(SnapshotNodes&& other) noexcept;

    std::size_t size() const noexcept { return size_; }
    std::uint64_t cost() const noexcept { return cost_; }

private:
    void swap(SnapshotNodes& other) noexcept;

    const SnapshotNode* first_ = nullptr;
    const SnapshotNode* last_ = nullptr;
    std::size_t size_ = 0;
    std::uint64_t cost_ = 0;
};

} // namespace kvduel::store
