#include "harness/report/json/fields.hpp"

#include "harness/report/text/nearest_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>

namespace kvduel::report {
namespace {

/// 1, 0.5, 3600: as short as the number allows.
std::string shown(double number) {
    return fmt::format("{}", number);
}

template <typename T>
std::string not_in_range(const Json& value, std::string_view kind, Range<T> range) {
    const std::string limits = range.most == std::numeric_limits<T>::max()
                                   ? fmt::format("of at least {}", range.least)
                                   : fmt::format("from {} to {}", range.least, range.most);
    return fmt::format("{} is not allowed; allowed: {} {}", describe(value), kind, limits);
}

} // namespace

std::string describe(const Json& value) {
    switch (value.type()) {
    case Json::value_t::null: return "null";
    case Json::value_t::object: return "an object";
    case Json::value_t::array: return "a list";
    case Json::value_t::string: return in_quotes(value.get_ref<const std::string&>());
    case Json::value_t::boolean: return value.get<bool>() ? "true" : "false";
    case Json::value_t::number_integer: return fmt::format("{}", value.get<std::int64_t>());
    case Json::value_t::number_unsigned: return fmt::format("{}", value.get<std::uint64_t>());
    case Json::value_t::number_float: return shown(value.get<double>());
    default: return "this value";
    }
}

Fields::Fields(const Json& value, Place place, Faults& faults) : place_(std::move(place)), faults_(faults) {
    if (value.is_object()) {
        object_ = &value;
    } else {
        faults_.add(place_, fmt::format("{} is not allowed; allowed: an object", describe(value)));
    }
}

const Json* Fields::find(std::string_view key, Need need) {
    if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) asked_.emplace_back(key);
    if (object_ == nullptr) return nullptr;
    const auto found = object_->find(std::string(key));
    if (found != object_->end()) return &*found;
    if (need == Need::kRequired) faults_.add_missing(place_, key);
    return nullptr;
}

const Json* Fields::find_object(std::string_view key, Need need) {
    const Json* value = find(key, need);
    if (value == nullptr || value->is_object()) return value;
    fault(key, fmt::format("{} is not allowed; allowed: an object", describe(*value)));
    return nullptr;
}

const Json* Fields::find_array(std::string_view key, Need need) {
    const Json* value = find(key, need);
    if (value == nullptr || value->is_array()) return value;
    fault(key, fmt::format("{} is not allowed; allowed: a list", describe(*value)));
    return nullptr;
}

bool Fields::read(std::string_view key, Need need, bool& out) {
    const Json* value = find(key, need);
    if (value == nullptr) return false;
    if (!value->is_boolean()) {
        fault(key, fmt::format("{} is not allowed; allowed: true, false", describe(*value)));
        return false;
    }
    out = value->get<bool>();
    return true;
}

bool Fields::read(std::string_view key, Need need, std::string& out) {
    const Json* value = find(key, need);
    if (value == nullptr) return false;
    if (!value->is_string()) {
        fault(key, fmt::format("{} is not allowed; allowed: a text", describe(*value)));
        return false;
    }
    out = value->get_ref<const std::string&>();
    return true;
}

bool Fields::read(std::string_view key, Need need, double& out, Range<double> range) {
    const Json* value = find(key, need);
    if (value == nullptr) return false;
    const double number = value->is_number() ? value->get<double>() : 0;
    if (!value->is_number() || number < range.least || number > range.most) {
        fault(key, not_in_range(*value, "a number", range));
        return false;
    }
    out = number;
    return true;
}

bool Fields::read(std::string_view key, Need need, std::uint64_t& out, Range<std::uint64_t> range) {
    const Json* value = find(key, need);
    if (value == nullptr) return false;
    const std::uint64_t number = value->is_number_unsigned() ? value->get<std::uint64_t>() : 0;
    if (!value->is_number_unsigned() || number < range.least || number > range.most) {
        fault(key, not_in_range(*value, "an integer", range));
        return false;
    }
    out = number;
    return true;
}

bool Fields::read_wide(std::string_view key, Need need, std::uint64_t& out) {
    const Json* value = find(key, need);
    if (value == nullptr) return false;
    if (value->is_number_unsigned()) {
        out = value->get<std::uint64_t>();
        return true;
    }
    if (value->is_string()) {
        const std::string& digits = value->get_ref<const std::string&>();
        std::uint64_t number = 0;
        const char* const end = digits.data() + digits.size();
        const auto [stopped, error] = std::from_chars(digits.data(), end, number);
        if (error == std::errc{} && stopped == end) {
            out = number;
            return true;
        }
    }
    fault(key, fmt::format("{} is not allowed; allowed: an integer below 2^64, past 2^53 as a text",
                           describe(*value)));
    return false;
}

bool Fields::read(std::string_view key, Need need, std::vector<std::string>& out) {
    const Json* value = find_array(key, need);
    if (value == nullptr) return false;
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < value->size(); ++i) {
        const Json& item = (*value)[i];
        if (!item.is_string()) {
            faults_.add(at(key).child(i), fmt::format("{} is not allowed; allowed: a text", describe(item)));
            return false;
        }
        texts.push_back(item.get_ref<const std::string&>());
    }
    out = std::move(texts);
    return true;
}

bool Fields::read_nullable(std::string_view key, Need need, std::optional<std::string>& out) {
    const Json* value = find(key, need);
    if (value == nullptr) return false;
    if (value->is_null()) {
        out.reset();
        return true;
    }
    std::string text;
    if (!read(key, need, text)) return false;
    out = std::move(text);
    return true;
}

void Fields::refuse_unknown() {
    if (object_ == nullptr) return;
    for (const auto& [key, value] : object_->items()) {
        if (std::find(asked_.begin(), asked_.end(), key) != asked_.end()) continue;
        const std::vector<std::string_view> known(asked_.begin(), asked_.end());
        const std::optional<std::string> nearest = nearest_name(key, known);
        fault(key, "unknown key",
              nearest ? fmt::format("did you mean \"{}\"?", *nearest)
                      : fmt::format("allowed: {}", quoted_list(known)));
    }
}

void Fields::fault(std::string_view key, std::string what, std::string hint) {
    faults_.add(place_.child(key), std::move(what), std::move(hint));
}

void Fields::not_a_word(std::string_view key, std::string_view text,
                        std::span<const std::string_view> allowed) {
    const std::string article =
        std::string_view("aeiou").find(key.front()) == std::string_view::npos ? "a" : "an";
    fault(key,
          fmt::format("{} is not {} {}; allowed: {}", in_quotes(text), article, key, quoted_list(allowed)));
}

} // namespace kvduel::report
