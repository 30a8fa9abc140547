#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace kvduel::store {

/// Tells when no reader can still see what has been unlinked (epoch-based reclamation: Fraser, Practical
/// lock-freedom, 2004, section 5.2.3). A reader enters a section, follows pointers, leaves. A writer unlinks,
/// *then* reads now(), and frees once is_past(that epoch, now()). Any thread may call anything; nothing
/// allocates after construction, and threads need not announce that they come or go.
///
/// Why it is safe. All operations below are seq_cst unless said otherwise, so they have one order S that
/// every thread agrees on; fences would do it too, but the thread sanitizer does not model them.
///   1. A section loads the epoch e, claims a line by writing e, and only then loads pointers.
///   2. Let a writer unlink a node and then read the epoch r. If a section's load still found the node, that
///      load stands before the unlinking in S, hence the claim does, and so e <= r.
///   3. The epoch goes from r + 1 to r + 2 only by a scan that began after the epoch was r + 1, thus after
///   the
///      claim in S. It meets the claim and, since e is not r + 1, fails; unless it meets what came after it
///      in that line: the section's end. So past r + 1 no such section is left.
///   4. A section ends by a release store; what a scan meets is that store or a later claim, a
///      read-modify-write in its release sequence. The reader's last access thus happens before the free.
/// The pointers that a writer unlinks must be stored and loaded seq_cst, for step 2. A node reached through
/// one that was itself unlinked meanwhile is covered: its own unlinking comes later still.
class Epochs {
public:
    /// `lines` cache lines, at least one: as many sections can be open at once.
    explicit Epochs(std::size_t lines);

    /// Open from try_enter() to the end of the scope. False when every line that was tried is taken: then the
    /// caller reads under the writers' lock. Nothing in a section may wait: writers may be waiting for it.
    class Section {
    public:
        Section() noexcept = default;
        Section(Section&& other) noexcept : line_(std::exchange(other.line_, nullptr)) {}
        Section& operator=(Section&&) = delete;
        ~Section() {
            if (line_ != nullptr) line_->store(kFree, std::memory_order_release); // step 4
        }
        explicit operator bool() const noexcept { return line_ != nullptr; }

    private:
        friend class Epochs;
        explicit Section(std::atomic<std::uint64_t>& line) noexcept : line_(&line) {}
        std::atomic<std::uint64_t>* line_ = nullptr;
    };

    /// Wait-free: tries the line this thread used last and, if another thread is in it, the next ones, at
    /// most kProbes in all.
    Section try_enter() noexcept;

    std::uint64_t now() const noexcept { return epoch_.load(); }

    /// True if a node unlinked before `unlinked` was read is out of every reader's sight at `now`.
    static constexpr bool is_past(std::uint64_t unlinked, std::uint64_t now) noexcept {
        return now >= unlinked + 2;
    }

    /// False if a section of an earlier epoch is open. Loads every line.
    bool try_advance() noexcept;

    /// Returns when whatever was unlinked before the call is past. Waits for open sections as for a lock:
    /// their holders run some tens of instructions, and are waited for longer only if they lost their CPU in
    /// between. Never to be called inside a section.
    void synchronize() noexcept;

    static constexpr std::size_t kProbes = 8;

private:
    static constexpr std::uint64_t kFree = 0; // no epoch: they count from 1, and 64 bits do not wrap
    struct alignas(128) Line {                // lines are fetched in pairs
        std::atomic<std::uint64_t> epoch{kFree};
    };

    alignas(128) std::atomic<std::uint64_t> epoch_{1};
    alignas(128) std::vector<Line> lines_;
};

} // namespace kvduel::store
