#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/deferred.hpp>

#include <cassert>
#include <cstddef>
#include <utility>

namespace kvduel::servers::async {

/// The memory of the one operation that a coroutine, or a turn, has under way. Asio would take it from its
/// thread's cache or from the heap, at a place where no coroutine can catch that there is none: it would end
/// the process. Asio gives the block back before it calls the handler, so the next operation finds it free.
/// One operation at a time, whichever thread ends it. Must outlive it.
class OperationMemory {
public:
    /// A receive into one buffer, the largest here, takes 129 to 160 with Asio 1.81. What does not fit does
    /// not compile.
    static constexpr std::size_t kBytes = 192;

    OperationMemory() noexcept = default;
    OperationMemory(const OperationMemory&) = delete;
    OperationMemory& operator=(const OperationMemory&) = delete;

    /// What Asio is given: a handle that never fails.
    template <typename T>
    class Allocator {
    public:
        using value_type = T;

        explicit Allocator(OperationMemory& memory) noexcept : memory_(&memory) {}
        template <typename Other>
        Allocator(const Allocator<Other>& other) noexcept : memory_(other.memory_) {}

        T* allocate(std::size_t count) noexcept {
            static_assert(sizeof(T) <= kBytes && alignof(T) <= alignof(std::max_align_t));
            assert(count == 1 && !memory_->is_used_);
            static_cast<void>(count);
            memory_->is_used_ = true;
            return reinterpret_cast<T*>(memory_->bytes_);
        }
        void deallocate(T*, std::size_t) noexcept { memory_->is_used_ = false; }

        template <typename Other>
        bool operator==(const Allocator<Other>& other) const noexcept {
            return memory_ == other.memory_;
        }

    private:
        template <typename Other>
        friend class Allocator;
        OperationMemory* memory_;
    };

    /// The handler, whose operation takes this memory.
    template <typename Handler>
    auto bind(Handler handler) noexcept {
        return boost::asio::bind_allocator(Allocator<std::byte>(*this), std::move(handler));
    }

    /// A deferred operation that takes this memory when it is awaited. Name it before it is awaited: GCC 12
    /// destroys some temporaries of an await twice.
    template <typename Operation>
    auto of(Operation operation) {
        using Signature = typename boost::asio::completion_signature_of<Operation>::type;
        return boost::asio::async_initiate<const boost::asio::deferred_t, Signature>(
            [this, operation = std::move(operation)](auto handler) mutable {
                std::move(operation)(bind(std::move(handler)));
            },
            boost::asio::deferred);
    }

private:
    alignas(std::max_align_t) std::byte bytes_[kBytes];
    bool is_used_ = false;
};

} // namespace kvduel::servers::async
