#pragma once

#include "core/support/error.hpp"
#include "harness/report/json/strict_json.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kvduel::report {

/// Where a value stands: `my.json#/scenarios/2`.
struct Place {
    std::string file;
    std::string pointer;

    Place child(std::string_view key) const { return {file, pointer + "/" + pointer_step(key)}; }
    Place child(std::size_t index) const { return {file, pointer + "/" + std::to_string(index)}; }
    std::string text() const { return file + "#" + pointer; }
};

/// Keeps the first fault of a document; the rest would only follow from it. A key that is missing counts
/// last: it is often there under a slip of its name, which is the better message.
class Faults {
public:
    void add(const Place& place, std::string what, std::string hint = "") {
        if (!first_) first_ = Error{ErrorKind::kBadInput, place.text(), std::move(what), std::move(hint)};
    }
    void add_missing(const Place& place, std::string_view key) {
        if (!missing_)
            missing_ = Error{ErrorKind::kBadInput, place.text(),
                             "the key \"" + std::string(key) + "\" is missing", ""};
    }
    const std::optional<Error>& first() const { return first_ ? first_ : missing_; }

private:
    std::optional<Error> first_;
    std::optional<Error> missing_;
};

enum class Need : std::uint8_t { kRequired, kOptional };

template <typename T>
struct Range {
    T least;
    T most;
};

inline constexpr std::uint64_t kLargestExact =
    (std::uint64_t{1} << 53) - 1; ///< the largest count JSON carries safely

/// Reads one object's fields by name and type. An absent optional field leaves the variable as it was. Every
/// fault goes to `faults` with its place and what is allowed; reading goes on, so a caller checks once at the
/// end.
///   Fields fields(json, place, faults);
///   fields.read("connections", Need::kOptional, connections, {1, 65536});
///   fields.refuse_unknown();
class Fields {
public:
    Fields(const Json& value, Place place, Faults& faults);

    bool read(std::string_view key, Need need, bool& out);
    bool read(std::string_view key, Need need, std::string& out);
    bool read(std::string_view key, Need need, double& out, Range<double> range);
    /// A JSON integer.
    bool read(std::string_view key, Need need, std::uint64_t& out,
              Range<std::uint64_t> range = {0, kLargestExact});
    /// A 64-bit integer, which may be written as decimal digits in a text.
    bool read_wide(std::string_view key, Need need, std::uint64_t& out);
    bool read(std::string_view key, Need need, std::vector<std::string>& out);

    /// null for no value.
    template <typename T>
    bool read_nullable(std::string_view key, Need need, std::optional<T>& out, Range<T> range) {
        const Json* value = find(key, need);
        if (value == nullptr || value->is_null()) {
            if (value != nullptr) out.reset();
            return value != nullptr;
        }
        T present{};
        if (!read(key, need, present, range)) return false;
        out = present;
        return true;
    }
    bool read_nullable(std::string_view key, Need need, std::optional<std::string>& out);

    /// One of the words, each standing for a value.
    template <typename E>
    bool read_word(std::string_view key, Need need, E& out,
                   std::span<const std::pair<std::string_view, E>> words) {
        std::string text;
        if (!read(key, need, text)) return false;
        std::vector<std::string_view> allowed;
        for (const auto& [word, meaning] : words) {
            if (word == text) {
                out = meaning;
                return true;
            }
            allowed.push_back(word);
        }
        not_a_word(key, text, allowed);
        return false;
    }

    /// The value itself, for containers; null if absent (a fault if it is required).
    const Json* find(std::string_view key, Need need);
    const Json* find_object(std::string_view key, Need need);
    const Json* find_array(std::string_view key, Need need);

    /// Every field that no read asked for is a fault, with the nearest name that one did.
    void refuse_unknown();

    void fault(std::string_view key, std::string what, std::string hint = "");
    Place at(std::string_view key) const { return place_.child(key); }
    const Place& place() const { return place_; }
    Faults& faults() const { return faults_; }

private:
    void not_a_word(std::string_view key, std::string_view text, std::span<const std::string_view> allowed);

    const Json* object_ = nullptr;
    Place place_;
    Faults& faults_;
    std::vector<std::string> asked_;
};

/// "an object", "a text", "the number 3": what a value is, in a message.
std::string describe(const Json& value);

} // namespace kvduel::report
