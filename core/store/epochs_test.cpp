#include "core/store/epochs.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <latch>
#include <optional>
#include <thread>
#include <vector>

namespace kvduel::store {

TEST_CASE("what is unlinked is past after two advances and not after one") {
    Epochs epochs(4);
    const std::uint64_t unlinked = epochs.now();
    CHECK_FALSE(Epochs::is_past(unlinked, epochs.now()));
    CHECK(epochs.try_advance());
    CHECK_FALSE(Epochs::is_past(unlinked, epochs.now()));
    CHECK(epochs.try_advance());
    CHECK(Epochs::is_past(unlinked, epochs.now()));
}

TEST_CASE("an open section lets the epoch advance once, however often it is tried") {
    Epochs epochs(4);
    std::optional<Epochs::Section> section(epochs.try_enter());
    REQUIRE(*section);
    const std::uint64_t unlinked = epochs.now();
    CHECK(epochs.try_advance());
    for (int i = 0; i < 10; ++i) CHECK_FALSE(epochs.try_advance());
    CHECK_FALSE(Epochs::is_past(unlinked, epochs.now()));
    section.reset();
    CHECK(epochs.try_advance());
    CHECK(Epochs::is_past(unlinked, epochs.now()));
}

TEST_CASE("a section that opens later holds back only what is unlinked while it is open") {
    Epochs epochs(4);
    const std::uint64_t unlinked = epochs.now();
    CHECK(epochs.try_advance());
    const Epochs::Section late = epochs.try_enter();
    CHECK(epochs.try_advance());
    CHECK(Epochs::is_past(unlinked, epochs.now()));
    CHECK_FALSE(epochs.try_advance());
}

TEST_CASE("sections are as many as lines, and a closed one makes room") {
    struct Row {
        std::size_t lines;
        std::size_t sections;
    };
    for (const Row& row : {Row{0, 1}, Row{1, 1}, Row{3, 3}, Row{50, 50}}) {
        CAPTURE(row.lines);
        Epochs epochs(row.lines);
        std::vector<Epochs::Section> open;
        for (std::size_t i = 0; i < row.sections; ++i) REQUIRE(open.emplace_back(epochs.try_enter()));
        CHECK_FALSE(epochs.try_enter());
        open.pop_back();
        CHECK(epochs.try_enter());
    }
}

TEST_CASE("a line serves any number of threads, one after the other") {
    Epochs epochs(1);
    int entered = 0;
    for (int i = 0; i < 100; ++i) std::jthread([&] { entered += epochs.try_enter() ? 1 : 0; }).join();
    CHECK(entered == 100);
    CHECK(epochs.try_advance());
}

TEST_CASE("synchronize returns only after the section that was open has ended") {
    Epochs epochs(4);
    for (int round = 0; round < 200; ++round) {
        std::atomic<bool> has_ended{false};
        std::atomic<bool> was_early{false};
        std::jthread writer;
        {
            const Epochs::Section section = epochs.try_enter();
            REQUIRE(section);
            writer = std::jthread([&] {
                epochs.synchronize();
                was_early = !has_ended;
            });
            std::this_thread::yield();
            has_ended = true;
        }
        writer.join();
        REQUIRE_FALSE(was_early);
    }
}

TEST_CASE("a reader never finds freed what it follows, as the sanitizers see it") {
    // The least there is: one pointer that a writer swaps, and frees after the period.
    Epochs epochs(2); // fewer lines than readers: some are refused
    std::atomic<int*> shared(new int(1));
    std::atomic<bool> is_done{false};
    std::atomic<int> wrong{0};
    {
        std::latch start(4);
        std::vector<std::jthread> readers;
        for (int i = 0; i < 3; ++i)
            readers.emplace_back([&] {
                start.arrive_and_wait();
                while (!is_done)
                    if (const Epochs::Section section = epochs.try_enter())
                        wrong += *shared.load() > 0 ? 0 : 1;
            });
        start.arrive_and_wait();
        for (int value = 2; value < 3'000; ++value) {
            int* old = shared.exchange(new int(value));
            epochs.synchronize();
            *old = -1;
            delete old;
        }
        is_done = true;
    }
    delete shared.load();
    CHECK(wrong == 0);
}

} // namespace kvduel::store
