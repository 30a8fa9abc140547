#pragma once

#include <cstdint>
#include <limits>
#include <span>

namespace kvduel::load {

/// Chains items that are named by their index, first in first out, with removal from anywhere in constant
/// time and no allocation. Items that wait equally long form such a list, whose front is the next to expire:
/// no timers.
///
/// Links live beside the items; an item is in at most one list that shares its links.
class IndexList {
public:
    static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

    struct Links {
        std::uint32_t previous = kNone;
        std::uint32_t next = kNone;
    };

    std::uint32_t front() const noexcept { return front_; }
    bool empty() const noexcept { return front_ == kNone; }

    void push_back(std::span<Links> links, std::uint32_t item) noexcept {
        links[item] = {back_, kNone};
        (back_ == kNone ? front_ : links[back_].next) = item;
        back_ = item;
    }

    void remove(std::span<Links> links, std::uint32_t item) noexcept {
        const Links gone = links[item];
        (gone.previous == kNone ? front_ : links[gone.previous].next) = gone.next;
        (gone.next == kNone ? back_ : links[gone.next].previous) = gone.previous;
        links[item] = {};
    }

private:
    std::uint32_t front_ = kNone;
    std::uint32_t back_ = kNone;
};

} // namespace kvduel::load
