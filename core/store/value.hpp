#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace kvduel::store {

namespace detail {
/// One heap block: this header, then the bytes. Immutable from the moment a second owner can see it.
struct Block {
    std::atomic<std::uint32_t> owners;
    std::uint32_t size;
};
} // namespace detail

/// A counted reference to an immutable run of bytes. Copying takes a count and touches no byte, so a reader
/// can hold a value across a slow send while writers replace it. A single ValueRef is not thread-safe; the
/// bytes are.
class ValueRef {
public:
    ValueRef() noexcept = default; ///< holds nothing; differs from a value of zero bytes
    ValueRef(const ValueRef& other) noexcept;
    ValueRef(ValueRef&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
    ValueRef& operator=(ValueRef other) noexcept {
        std::swap(block_, other.block_);
        return *this;
    }
    ~ValueRef();

    explicit operator bool() const noexcept { return block_ != nullptr; }
    std::string_view bytes() const noexcept; ///< empty when nothing is held

private:
    friend class ValueBuilder;
    explicit ValueRef(detail::Block* block) noexcept : block_(block) {}
    detail::Block* block_ = nullptr;
};

/// Builds a value while its bytes arrive, in the block that the store will hold: finish() copies nothing.
/// Capacity grows with what has arrived, never with what was announced. Not thread-safe, moves but never
/// copies. append() and reserve() throw std::bad_alloc and then leave the builder as it was.
class ValueBuilder {
public:
    ValueBuilder() noexcept = default;
    ValueBuilder(ValueBuilder&& other) noexcept;
    ValueBuilder& operator=(ValueBuilder&& other) noexcept;
    ~ValueBuilder();

    void reserve(std::size_t bytes);
    void append(std::string_view bytes);
    std::string_view bytes() const noexcept;
    std::size_t capacity() const noexcept; ///< heap bytes held, for the body budget
    static constexpr std::size_t kOverheadBytes = sizeof(detail::Block); ///< of them no byte of the value

    /// Drops the first `count` bytes: how a POST body loses its "key=".
    void drop_prefix(std::size_t count) noexcept;

    /// The value; the builder is empty afterwards.
    ValueRef finish();

private:
    detail::Block* block_ = nullptr;
    std::size_t capacity_ = 0;
};

/// A value of its own from bytes that will not stay. Throws std::bad_alloc.
ValueRef make_value(std::string_view bytes);

} // namespace kvduel::store
