#include "harness/report/json/read_archive.hpp"

#include "harness/report/json/hdr.hpp"
#include "harness/report/json/workload_text.hpp"
#include "harness/report/text/nearest_name.hpp"

#include <charconv>

namespace kvduel::report {
namespace {

constexpr std::uint64_t kMostCpu = 1'048'575;

} // namespace

void ReadArchive::text(const char* key, std::string& value, TextPattern pattern) {
    if (!fields_.read(key, Need::kRequired, value) || matches(pattern, value)) return;
    fault(key, fmt::format("{} is not allowed; allowed: {}", in_quotes(value), what_is_allowed(pattern)));
}

void ReadArchive::text_or_null(const char* key, std::string& value, TextPattern pattern) {
    std::optional<std::string> read;
    if (!fields_.read_nullable(key, Need::kRequired, read)) return;
    value = read.value_or("");
    if (read && !matches(pattern, *read))
        fault(key, fmt::format("{} is not allowed; allowed: {}, null", in_quotes(*read),
                               what_is_allowed(pattern)));
}

void ReadArchive::optional_text(const char* key, std::optional<std::string>& value) {
    fields_.read_nullable(key, Need::kRequired, value);
    if (value && value->empty())
        fault(key, "an empty text is not allowed; allowed: a text that is not empty, null");
}

void ReadArchive::key_distribution(const char* key, workload::KeyDistribution& value) {
    std::string text;
    if (!fields_.read(key, Need::kRequired, text)) return;
    if (const auto parsed = parse_key_distribution(text)) {
        value = *parsed;
    } else {
        fault(key, fmt::format("{} is not a key distribution; allowed: {}", in_quotes(text),
                               kAllowedKeyDistributions));
    }
}

void ReadArchive::histogram(const char* key, stats::Histogram& value) {
    std::string text;
    if (!fields_.read(key, Need::kRequired, text)) return;
    Result<stats::Histogram> decoded = hdr_decode(text);
    if (decoded) {
        value = *std::move(decoded);
    } else {
        fault(key, decoded.error().what);
    }
}

void ReadArchive::wide(const char* key, std::uint64_t& value) {
    const Json* tree = fields_.find(key, Need::kRequired);
    if (tree == nullptr) return;
    if (tree->is_string()) {
        fields_.read_wide(key, Need::kRequired, value);
    } else {
        fault(key,
              fmt::format("{} is not allowed; allowed: an integer below 2^64 as a text", describe(*tree)));
    }
}

void ReadArchive::numbers(const char* key, std::vector<double>& values) {
    const Json* tree = fields_.find_array(key, Need::kRequired);
    if (tree == nullptr) return;
    values.clear();
    for (std::size_t i = 0; i < tree->size(); ++i) {
        const Json& item = (*tree)[i];
        if (!item.is_number() || item.get<double>() < 0) {
            fields_.faults().add(fields_.at(key).child(i), "not allowed; allowed: a number of at least 0");
            return;
        }
        values.push_back(item.get<double>());
    }
}

void ReadArchive::cpus(const char* key, std::vector<int>& values) {
    const Json* tree = fields_.find_array(key, Need::kRequired);
    if (tree == nullptr) return;
    values.clear();
    for (const Json& item : *tree) {
        if (!item.is_number_unsigned() || item.get<std::uint64_t>() > kMostCpu) {
            fault(key, fmt::format("{} is not allowed; allowed: CPU numbers", describe(item)));
            return;
        }
        values.push_back(item.get<int>());
    }
}

void ReadArchive::text_map(const char* key, std::map<std::string, std::string>& values) {
    const Json* tree = fields_.find_object(key, Need::kRequired);
    if (tree == nullptr) return;
    values.clear();
    for (const auto& [name, item] : tree->items()) {
        if (!item.is_string()) {
            fields_.faults().add(fields_.at(key).child(name),
                                 fmt::format("{} is not allowed; allowed: a text", describe(item)));
            return;
        }
        values[name] = item.get_ref<const std::string&>();
    }
}

void ReadArchive::readings(const char* key, std::vector<experiment::Reading>& values) {
    const Json* tree = fields_.find_object(key, Need::kRequired);
    if (tree == nullptr) return;
    values.clear();
    for (const auto& [name, item] : tree->items()) {
        experiment::Reading reading{name, {}};
        if (item.is_string()) reading.value = item.get<std::string>();
        if (item.is_number()) reading.value = item.get<double>();
        if (!item.is_null() && !item.is_string() && !item.is_number()) {
            fields_.faults().add(
                fields_.at(key).child(name),
                fmt::format("{} is not allowed; allowed: a number, a text, null", describe(item)));
            return;
        }
        values.push_back(std::move(reading));
    }
}

void ReadArchive::status_counts(const char* key, std::map<int, std::uint64_t>& values) {
    const Json* tree = fields_.find_object(key, Need::kRequired);
    if (tree == nullptr) return;
    values.clear();
    for (const auto& [name, item] : tree->items()) {
        int status = 0;
        const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), status);
        const bool is_status = error == std::errc{} && end == name.data() + name.size() && name.size() == 3 &&
                               status >= 100 && status <= 999;
        if (!is_status || !item.is_number_unsigned() || item.get<std::uint64_t>() > kLargestExact) {
            fields_.faults().add(fields_.at(key).child(name),
                                 "not allowed; allowed: a count for a status of 3 digits");
            return;
        }
        values[status] = item.get<std::uint64_t>();
    }
}

} // namespace kvduel::report
