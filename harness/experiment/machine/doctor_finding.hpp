#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace kvduel::experiment {

/// How a reading of the machine bears on a measurement. A note is worth knowing and asks for nothing; a
/// warning makes figures drift or limits what they say; a problem spoils them.
enum class Fitness : std::uint8_t { kOk, kNote, kWarning, kProblem };

/// A number, a text, or neither: it could not be had.
using ReadingValue = std::variant<std::monostate, double, std::string>;

/// One reading of a check. Its unit stands in its name: "overshoot_p99_us".
struct Reading {
    std::string name;
    ReadingValue value;

    bool operator==(const Reading&) const = default;
};

/// What one check of `kvduel doctor` found: a line of its table, an item of environment.doctor. A check has
/// the same readings by the same names whatever it finds.
struct DoctorFinding {
    std::string check; ///< a row of doctor_checks() (doctor.hpp)
    Fitness verdict = Fitness::kOk;
    std::vector<Reading> values; ///< every number that the message shows
    std::string message;         ///< the reading in words, with its unit
    std::string remedy;          ///< what to do; empty if there is nothing to be done

    bool operator==(const DoctorFinding&) const = default;
};

/// A reading that may be absent.
template <typename T>
Reading reading(std::string name, const std::optional<T>& number) {
    if (!number) return {std::move(name), {}};
    return {std::move(name), static_cast<double>(*number)};
}
/// An empty text could not be had.
inline Reading reading(std::string name, const std::string& text) {
    if (text.empty()) return {std::move(name), {}};
    return {std::move(name), text};
}

/// The number `name` of the check `check`, if it is among `findings`. Pure.
std::optional<double> number_of(const std::vector<DoctorFinding>& findings, std::string_view check,
                                std::string_view name);

/// A note that nothing could be read: "not to be had: <reason>", every value absent.
DoctorFinding not_to_be_had(std::string check, const std::vector<std::string>& names,
                            const std::string& reason);

/// As printf, into a text; what is past 255 bytes is cut.
[[gnu::format(printf, 1, 2)]] std::string printed(const char* pattern, ...);

/// "0-1,4" of {0, 1, 4}: the kernel's list format. Empty: empty.
std::string cpu_list_text(const std::vector<int>& cpus);

} // namespace kvduel::experiment
