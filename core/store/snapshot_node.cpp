#include "core/store/snapshot_node.hpp"

#include "core/store/table.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <new>

namespace kvduel::store {

namespace {

constexpr std::size_t kKeyOffset = offsetof(SnapshotNode, key_start);
constexpr std::size_t kMaxKeySize = std::numeric_limits<std::uint32_t>::max();

} // namespace

std::string_view SnapshotNode::key() const noexcept {
    return {reinterpret_cast<const char*>(this) + kKeyOffset, key_size};
}

std::uint64_t SnapshotNode::cost() const noexcept {
    return key_size + value.bytes().size() + kEntryOverheadBytes;
}

void SnapshotNode::Free::operator()(const SnapshotNode* node) const noexcept {
    auto* mine = const_cast<SnapshotNode*>(node); // its last owner
    mine->~SnapshotNode();
    ::operator delete(mine);
}

SnapshotNodePtr make_snapshot_node(const Key& key, ValueRef value) {
    if (key.bytes.size() > kMaxKeySize) throw std::bad_alloc();
    void* memory = ::operator new(std::max(sizeof(SnapshotNode), kKeyOffset + key.bytes.size()));
    auto* node = new (memory) SnapshotNode;
    node->value = std::move(value);
    node->hash = key.hash;
    node->key_size = static_cast<std::uint32_t>(key.bytes.size());
    if (!key.bytes.empty())
        std::memcpy(static_cast<char*>(memory) + kKeyOffset, key.bytes.data(), key.bytes.size());
    return SnapshotNodePtr(node);
}

SnapshotNodes::~SnapshotNodes() {
    while (first_ != nullptr) SnapshotNode::Free()(std::exchange(first_, first_->next));
}

void SnapshotNodes::push(SnapshotNodePtr node, std::uint64_t cost) noexcept {
    node->next = first_;
    if (first_ == nullptr) last_ = node.get();
    ++size_;
    cost_ += cost;
    first_ = node.release();
}

void SnapshotNodes::splice(SnapshotNodes&& other) noexcept {
    if (other.first_ == nullptr) return;
    other.last_->next = first_;
    if (first_ == nullptr) last_ = other.last_;
    first_ = std::exchange(other.first_, nullptr);
    other.last_ = nullptr;
    size_ += std::exchange(other.size_, 0);
    cost_ += std::exchange(other.cost_, 0);
}

void SnapshotNodes::swap(SnapshotNodes& other) noexcept {
    std::swap(first_, other.first_);
    std::swap(last_, other.last_);
    std::swap(size_, other.size_);
    std::swap(cost_, other.cost_);
}

} // namespace kvduel::store
