#include "harness/tests/truth/journal.hpp"

#include <cstdio>

namespace truth {

namespace {

void add(std::string& text, std::string_view name, std::uint64_t count) {
    text += ",\"" + std::string(name) + "\":" + std::to_string(count);
}

} // namespace

std::size_t Journal::arrived(const Entry& entry) {
    if (keeps_entries_ && entries_.size() < kMaxEntries) entries_.push_back(entry);
    return static_cast<std::size_t>(requests_++);
}

void Journal::answered(std::size_t number, Fault fault, Nanoseconds at) noexcept {
    ++answers_[static_cast<std::size_t>(fault)];
    if (number < entries_.size() && fault != Fault::kNever) entries_[number].answered = at;
}

std::string Journal::summary(const Schedule& schedule) const {
    std::string text = "{\"event\":\"served\"";
    add(text, "requests", requests_);
    add(text, "connections", connections_);
    add(text, "pages", pages_);
    add(text, "stalls", schedule.stalls());
    add(text, "held", schedule.held());
    text += ",\"answers\":{\"right\":" + std::to_string(answers_[0]);
    for (const FaultName& row : kFaults) add(text, row.name, answers_[static_cast<std::size_t>(row.fault)]);
    return text + "}}\n";
}

bool Journal::write(const std::string& path) const {
    std::FILE* file = std::fopen(path.c_str(), "w");
    if (file == nullptr) return false;
    for (const Entry& entry : entries_)
        std::fprintf(file, "%llu %lld %lld %lld\n", static_cast<unsigned long long>(entry.connection),
                     static_cast<long long>(entry.arrival), static_cast<long long>(entry.planned),
                     static_cast<long long>(entry.answered));
    return std::fclose(file) == 0;
}

} // namespace truth
