#pragma once

#include "harness/experiment/machine/doctor_finding.hpp"
#include "harness/report/json/fields.hpp"
#include "harness/report/json/words.hpp"
#include "harness/report/text/text_pattern.hpp"
#include "harness/stats/histogram.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace kvduel::report {

/// The reading half of report_fields.hpp: each call takes one field, which must be there, of its type and in
/// its range; faults go to the Faults of the document. finish() refuses the fields that no call took.
class ReadArchive {
public:
    template <typename T>
    using Ref = T&;

    ReadArchive(const Json& value, Place place, Faults& faults) : fields_(value, std::move(place), faults) {}

    void text(const char* key, std::string& value, TextPattern pattern = TextPattern::kAny);
    void text_or_null(const char* key, std::string& value, TextPattern pattern = TextPattern::kNotEmpty);
    void optional_text(const char* key, std::optional<std::string>& value);
    void key_distribution(const char* key, workload::KeyDistribution& value);
    /// The buckets alone: exact minimum, maximum and mean stand beside them in the report.
    void histogram(const char* key, stats::Histogram& value);
    void flag(const char* key, bool& value) { fields_.read(key, Need::kRequired, value); }
    void wide(const char* key, std::uint64_t& value);

    template <typename T, typename Bound>
    void number(const char* key, T& value, Bound least, Bound most) {
        Wide<T> read{};
        if (fields_.read(key, Need::kRequired, read, Range<Wide<T>>{Wide<T>(least), Wide<T>(most)}))
            value = static_cast<T>(read);
    }
    template <typename T, typename Bound>
    void number(const char* key, std::optional<T>& value, Bound least, Bound most) {
        std::optional<Wide<T>> read;
        if (!fields_.read_nullable(key, Need::kRequired, read, Range<Wide<T>>{Wide<T>(least), Wide<T>(most)}))
            return;
        value.reset();
        if (read) value = static_cast<T>(*read);
    }

    template <typename T, typename Bound>
    void number_if_any(const char* key, std::optional<T>& value, Bound least, Bound most) {
        Wide<T> read{};
        if (fields_.read(key, Need::kOptional, read, Range<Wide<T>>{Wide<T>(least), Wide<T>(most)}))
            value = static_cast<T>(read);
    }

    template <typename E, std::size_t N>
    void word(const char* key, E& value, const std::array<Word<E>, N>& words) {
        fields_.read_word<E>(key, Need::kRequired, value, words);
    }

    void texts(const char* key, std::vector<std::string>& values) {
        fields_.read(key, Need::kRequired, values);
    }
    /// Each at least 0.
    void numbers(const char* key, std::vector<double>& values);
    void cpus(const char* key, std::vector<int>& values);
    void text_map(const char* key, std::map<std::string, std::string>& values);
    void status_counts(const char* key, std::map<int, std::uint64_t>& values);

    /// Each a number, a text or null; at most 64.
    void readings(const char* key, std::vector<experiment::Reading>& values);

    template <typename T>
    void object(const char* key, T& value) {
        const Json* tree = fields_.find(key, Need::kRequired);
        if (tree != nullptr) read_into(*tree, fields_.at(key), value);
    }
    template <typename T>
    void optional_object(const char* key, std::optional<T>& value) {
        const Json* tree = fields_.find(key, Need::kRequired);
        value.reset();
        if (tree != nullptr && !tree->is_null()) read_into(*tree, fields_.at(key), value.emplace());
    }
    template <typename T>
    void list(const char* key, std::vector<T>& values) {
        const Json* tree = fields_.find_array(key, Need::kRequired);
        if (tree == nullptr) return;
        values.clear();
        values.reserve(tree->size());
        for (std::size_t i = 0; i < tree->size(); ++i)
            read_into((*tree)[i], fields_.at(key).child(i), values.emplace_back());
    }

    void fault(const char* key, std::string what) { fields_.fault(key, std::move(what)); }
    void finish() { fields_.refuse_unknown(); }

private:
    /// Counts are read as 64 bits and narrowed within their range; other numbers are doubles.
    template <typename T>
    using Wide = std::conditional_t<std::is_integral_v<T>, std::uint64_t, double>;

    template <typename T>
    void read_into(const Json& tree, Place place, T& value) {
        ReadArchive archive(tree, std::move(place), fields_.faults());
        fields(archive, value);
        archive.finish();
    }

    Fields fields_;
};

} // namespace kvduel::report
