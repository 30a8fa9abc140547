#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

namespace kvduel::servers {

/// Bytes that come in at the end and leave at the front, in one allocation. Not thread-safe.
/// Consumed bytes stay where they are until the next prepare(), so a view taken before a consume() outlives
/// it.
class ByteBuffer {
public:
    std::size_t size() const noexcept { return end_ - begin_; }
    std::size_t capacity() const noexcept { return capacity_; }
    std::string_view view() const noexcept { return {data_.get() + begin_, size()}; }
    std::span<char> bytes() noexcept { return {data_.get() + begin_, size()}; }

    /// Room for at least `room` bytes behind what is held, by moving it or by a larger allocation (doubling,
    /// from `least`). Ends every view. Throws std::bad_alloc and then changes nothing.
    std::span<char> prepare(std::size_t room, std::size_t least = 0) {
        if (capacity_ - end_ < room) make_room(room, least);
        return {data_.get() + end_, capacity_ - end_};
    }
    void commit(std::size_t count) noexcept { end_ += count; }

    void consume(std::size_t count) noexcept {
        begin_ += count;
        if (begin_ == end_) begin_ = end_ = 0;
    }

    void append(std::string_view bytes) {
        if (bytes.empty()) return;
        std::memcpy(prepare(bytes.size()).data(), bytes.data(), bytes.size());
        commit(bytes.size());
    }

    /// Gives the memory back; what was held is gone.
    void release() noexcept {
        data_.reset();
        begin_ = end_ = capacity_ = 0;
    }

private:
    void make_room(std::size_t room, std::size_t least) {
        const std::size_t held = size();
        if (capacity_ >= held + room && capacity_ >= least) {
            std::memmove(data_.get(), data_.get() + begin_, held);
        } else {
            std::size_t larger = capacity_ == 0 ? least : capacity_ * 2;
            if (larger < held + room) larger = held + room;
            auto fresh = std::make_unique_for_overwrite<char[]>(larger);
            if (held > 0) std::memcpy(fresh.get(), data_.get() + begin_, held);
            data_ = std::move(fresh);
            capacity_ = larger;
        }
        begin_ = 0;
        end_ = held;
    }

    std::unique_ptr<char[]> data_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::size_t capacity_ = 0;
};

} // namespace kvduel::servers
