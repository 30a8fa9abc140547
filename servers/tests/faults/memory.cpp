// operator new, aligned_alloc, malloc and realloc as the tests order them: no memory at the Nth allocation of
// at least a given size. The C++ library's own allocations and the snapshot store's nodes go through the
// first, Asio's operations and coroutines through the second, keys and values of all stores through the
// others.

#include "servers/tests/faults/plan.hpp"

#include <cstddef>
#include <cstdlib>
#include <new>

using namespace kvduel::faults;

namespace {

bool is_refused(std::size_t size) noexcept {
    Orders* allocate_orders = orders(Site::kAllocate);
    const bool counts =
        allocate_orders != nullptr && size >= static_cast<std::size_t>(allocate_orders->limit_bytes.load());
    return counts && fires(allocate_orders);
}

void* allocate_aligned(std::size_t alignment, std::size_t size) noexcept {
    static const auto real =
        reinterpret_cast<void* (*)(std::size_t, std::size_t)>(next_definition("aligned_alloc"));
    return real(alignment, size);
}

void* allocate_plain(std::size_t size) noexcept {
    static const auto real = reinterpret_cast<void* (*)(std::size_t)>(next_definition("malloc"));
    return real(size);
}

void* allocate(std::size_t size, std::size_t alignment) noexcept {
    if (is_refused(size)) return nullptr;
    if (alignment <= alignof(std::max_align_t)) return allocate_plain(size == 0 ? 1 : size);
    return allocate_aligned(alignment, (size + alignment - 1) / alignment * alignment);
}

void* allocate_or_throw(std::size_t size, std::size_t alignment = 1) {
    if (void* block = allocate(size, alignment)) return block;
    throw std::bad_alloc();
}

} // namespace

extern "C" void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
    return is_refused(size) ? nullptr : allocate_aligned(alignment, size);
}

extern "C" void* malloc(std::size_t size) noexcept {
    return is_refused(size) ? nullptr : allocate_plain(size);
}

// The compiler makes malloc of a realloc that it sees to have nothing yet.
extern "C" void* realloc(void* block, std::size_t size) noexcept {
    static const auto real = reinterpret_cast<void* (*)(void*, std::size_t)>(next_definition("realloc"));
    return is_refused(size) ? nullptr : real(block, size);
}

void* operator new(std::size_t size) {
    return allocate_or_throw(size);
}
void* operator new[](std::size_t size) {
    return allocate_or_throw(size);
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return allocate(size, 1);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
    return allocate(size, 1);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
    return allocate_or_throw(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
    return allocate_or_throw(size, static_cast<std::size_t>(alignment));
}

void operator delete(void* block) noexcept {
    std::free(block);
}
void operator delete[](void* block) noexcept {
    std::free(block);
}
void operator delete(void* block, std::size_t) noexcept {
    std::free(block);
}
void operator delete[](void* block, std::size_t) noexcept {
    std::free(block);
}
void operator delete(void* block, std::align_val_t) noexcept {
    std::free(block);
}
void operator delete[](void* block, std::align_val_t) noexcept {
    std::free(block);
}
void operator delete(void* block, std::size_t, std::align_val_t) noexcept {
    std::free(block);
}
void operator delete[](void* block, std::size_t, std::align_val_t) noexcept {
    std::free(block);
}
