#include "core/store/value.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>

namespace kvduel::store {

namespace {

using detail::Block;

constexpr std::size_t kMaxSize = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t kSmallestGrowth = 56; // with its header, one line

char* payload(Block* block) noexcept {
    return reinterpret_cast<char*>(block + 1);
}

/// malloc's family, since realloc lets a large block grow or shrink by remapping its pages instead of
/// copying. `block` may be null. Throws std::bad_alloc and leaves `block` as it was.
Block* resize(Block* block, std::size_t capacity) {
    const std::uint32_t size = block != nullptr ? block->size : 0;
    void* memory = std::realloc(static_cast<void*>(block), sizeof(Block) + capacity);
    if (memory == nullptr) throw std::bad_alloc();
    return new (memory) Block{{1}, size};
}

} // namespace

ValueRef::ValueRef(const ValueRef& other) noexcept : block_(other.block_) {
    if (block_ != nullptr) block_->owners.fetch_add(1, std::memory_order_relaxed);
}

ValueRef::~ValueRef() {
    // Release pairs with the acquire of whoever is last: every owner's reads come before the free.
    if (block_ != nullptr && block_->owners.fetch_sub(1, std::memory_order_acq_rel) == 1) std::free(block_);
}

std::string_view ValueRef::bytes() const noexcept {
    if (block_ == nullptr) return {};
    return {payload(block_), block_->size};
}

ValueBuilder::ValueBuilder(ValueBuilder&& other) noexcept
    : block_(std::exchange(other.block_, nullptr)), capacity_(std::exchange(other.capacity_, 0)) {}

ValueBuilder& ValueBuilder::operator=(ValueBuilder&& other) noexcept {
    std::swap(block_, other.block_);
    std::swap(capacity_, other.capacity_);
    return *this;
}

ValueBuilder::~ValueBuilder() {
    std::free(block_);
}

void ValueBuilder::reserve(std::size_t bytes) {
    if (block_ != nullptr && bytes <= capacity_) return;
    if (bytes > kMaxSize) throw std::bad_alloc();
    block_ = resize(block_, bytes);
    capacity_ = bytes;
}

void ValueBuilder::append(std::string_view bytes) {
    if (bytes.empty()) return;
    const std::size_t size = block_ != nullptr ? block_->size : 0;
    if (bytes.size() > kMaxSize - size) throw std::bad_alloc();
    const std::size_t needed = size + bytes.size();
    if (needed > capacity_) reserve(std::max({needed, std::min(2 * capacity_, kMaxSize), kSmallestGrowth}));
    std::memcpy(payload(block_) + size, bytes.data(), bytes.size());
    block_->size = static_cast<std::uint32_t>(needed);
}

std::string_view ValueBuilder::bytes() const noexcept {
    if (block_ == nullptr) return {};
    return {payload(block_), block_->size};
}

std::size_t ValueBuilder::capacity() const noexcept {
    return block_ != nullptr ? sizeof(Block) + capacity_ : 0;
}

void ValueBuilder::drop_prefix(std::size_t count) noexcept {
    if (block_ == nullptr || count == 0) return;
    const std::size_t dropped = std::min<std::size_t>(count, block_->size);
    const std::size_t kept = block_->size - dropped;
    std::memmove(payload(block_), payload(block_) + dropped, kept);
    block_->size = static_cast<std::uint32_t>(kept);
}

ValueRef ValueBuilder::finish() {
    if (block_ == nullptr) reserve(0);
    // The store counts bytes, not capacity: a block may waste an eighth of its value and 64 bytes, no more.
    const std::size_t slack = capacity_ - block_->size;
    if (slack > 64 + block_->size / 8) block_ = resize(block_, block_->size);
    capacity_ = 0;
    return ValueRef(std::exchange(block_, nullptr));
}

ValueRef make_value(std::string_view bytes) {
    ValueBuilder builder;
    builder.reserve(bytes.size());
    builder.append(bytes);
    return builder.finish();
}

} // namespace kvduel::store
