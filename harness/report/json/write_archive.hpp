#pragma once

#include "harness/experiment/machine/doctor_finding.hpp"
#include "harness/report/json/hdr.hpp"
#include "harness/report/json/tree.hpp"
#include "harness/report/json/words.hpp"
#include "harness/report/json/workload_text.hpp"
#include "harness/report/text/text_pattern.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace kvduel::report {

/// The writing half of report_fields.hpp: each call adds one field to an object, in the order of the calls.
class WriteArchive {
public:
    template <typename T>
    using Ref = const T&;

    void text(const char* key, const std::string& value, TextPattern = TextPattern::kAny) {
        tree_[key] = value;
    }
    /// An empty text is null.
    void text_or_null(const char* key, const std::string& value, TextPattern = TextPattern::kNotEmpty) {
        tree_[key] = value.empty() ? Tree(nullptr) : Tree(value);
    }
    void optional_text(const char* key, const std::optional<std::string>& value) {
        tree_[key] = tree_of(value);
    }
    void key_distribution(const char* key, const workload::KeyDistribution& value) {
        tree_[key] = key_distribution_text(value);
    }
    void histogram(const char* key, const stats::Histogram& value) { tree_[key] = hdr_encode(value); }
    void flag(const char* key, bool value) { tree_[key] = value; }
    /// An integer below 2^64, as a text: JSON numbers are exact to 2^53 only.
    void wide(const char* key, std::uint64_t value) { tree_[key] = std::to_string(value); }

    /// A number, an integer, or an optional one of these: null if absent. A figure that is not finite is
    /// null.
    template <typename T, typename Bound>
    void number(const char* key, const T& value, Bound, Bound) {
        tree_[key] = tree_of(value);
    }

    /// Left out if absent.
    template <typename T, typename Bound>
    void number_if_any(const char* key, const std::optional<T>& value, Bound, Bound) {
        if (value) tree_[key] = *value;
    }

    template <typename E, std::size_t N>
    void word(const char* key, E value, const std::array<Word<E>, N>& words) {
        tree_[key] = word_for(value, words);
    }

    void texts(const char* key, const std::vector<std::string>& values) { tree_[key] = values; }
    void numbers(const char* key, const std::vector<double>& values) { tree_[key] = values; }
    void cpus(const char* key, const std::vector<int>& values) { tree_[key] = values; }
    void text_map(const char* key, const std::map<std::string, std::string>& values) {
        tree_[key] = Tree::object();
        for (const auto& [name, value] : values) tree_[key][name] = value;
    }
    void status_counts(const char* key, const std::map<int, std::uint64_t>& values) {
        tree_[key] = Tree::object();
        for (const auto& [status, count] : values) tree_[key][std::to_string(status)] = count;
    }

    /// By name, as they are read; numbers that are whole are written so.
    void readings(const char* key, const std::vector<experiment::Reading>& values) {
        std::map<std::string, Tree> sorted;
        for (const experiment::Reading& reading : values) sorted[reading.name] = tree_of(reading.value);
        tree_[key] = Tree::object();
        for (auto& [name, value] : sorted) tree_[key][name] = std::move(value);
    }

    template <typename T>
    void object(const char* key, const T& value) {
        tree_[key] = tree_with(value);
    }
    template <typename T>
    void optional_object(const char* key, const std::optional<T>& value) {
        tree_[key] = value ? tree_with(*value) : Tree(nullptr);
    }
    template <typename T>
    void list(const char* key, const std::vector<T>& values) {
        Tree items = Tree::array();
        if (left_out_ == key) {
            tree_[key] = std::move(items);
            return;
        }
        for (const T& value : values) items.push_back(tree_with(value));
        tree_[key] = std::move(items);
    }

    /// The list of this name is written empty.
    void leave_out(std::string_view list) { left_out_ = list; }

    Tree take() { return std::move(tree_); }

private:
    template <typename T>
    static Tree tree_of(const T& value) {
        return value;
    }
    template <typename T>
    static Tree tree_of(const std::optional<T>& value) {
        return value ? Tree(*value) : Tree(nullptr);
    }
    static Tree tree_of(const experiment::ReadingValue& value) {
        if (const auto* text = std::get_if<std::string>(&value)) return *text;
        const auto* number = std::get_if<double>(&value);
        if (number == nullptr) return nullptr;
        constexpr double kWhole = 9'007'199'254'740'992; // 2^53
        if (std::abs(*number) < kWhole && std::trunc(*number) == *number)
            return static_cast<std::int64_t>(*number);
        return *number;
    }
    template <typename T>
    static Tree tree_with(const T& value) {
        WriteArchive archive;
        fields(archive, value);
        return archive.take();
    }

    Tree tree_ = Tree::object();
    std::string_view left_out_;
};

} // namespace kvduel::report
