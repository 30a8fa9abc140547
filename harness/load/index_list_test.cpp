#include "harness/load/index_list.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace kvduel::load {

TEST_CASE("items leave in the order they came, whichever are removed before") {
    std::vector<IndexList::Links> links(5);
    IndexList list;
    CHECK(list.empty());
    for (const std::uint32_t item : {3u, 0u, 4u, 1u}) list.push_back(links, item);
    list.remove(links, 4);
    list.remove(links, 1);
    CHECK(list.front() == 3);
    list.remove(links, 3);
    CHECK(list.front() == 0);
    list.push_back(links, 4);
    list.remove(links, 0);
    CHECK(list.front() == 4);
    list.remove(links, 4);
    CHECK(list.empty());
}

TEST_CASE("two lists can share links as long as no item is in both") {
    std::vector<IndexList::Links> links(3);
    IndexList first;
    IndexList second;
    first.push_back(links, 0);
    second.push_back(links, 1);
    first.push_back(links, 2);
    first.remove(links, 0);
    second.push_back(links, 0);
    CHECK(first.front() == 2);
    CHECK(second.front() == 1);
    second.remove(links, 1);
    CHECK(second.front() == 0);
}

} // namespace kvduel::load
