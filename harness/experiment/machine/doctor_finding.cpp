#include "harness/experiment/machine/doctor_finding.hpp"

#include <array>
#include <cstdarg>
#include <cstddef>
#include <cstdio>

namespace kvduel::experiment {

std::optional<double> number_of(const std::vector<DoctorFinding>& findings, std::string_view check,
                                std::string_view name) {
    for (const DoctorFinding& finding : findings) {
        if (finding.check != check) continue;
        for (const Reading& reading : finding.values)
            if (reading.name == name && std::holds_alternative<double>(reading.value))
                return std::get<double>(reading.value);
    }
    return std::nullopt;
}

DoctorFinding not_to_be_had(std::string check, const std::vector<std::string>& names,
                            const std::string& reason) {
    DoctorFinding finding{std::move(check), Fitness::kNote, {}, "not to be had: " + reason, ""};
    for (const std::string& name : names) finding.values.push_back({name, {}});
    return finding;
}

std::string printed(const char* pattern, ...) {
    std::array<char, 256> text{};
    std::va_list values;
    va_start(values, pattern);
    std::vsnprintf(text.data(), text.size(), pattern, values);
    va_end(values);
    return text.data();
}

std::string cpu_list_text(const std::vector<int>& cpus) {
    std::string text;
    for (std::size_t first = 0; first < cpus.size();) {
        std::size_t last = first;
        while (last + 1 < cpus.size() && cpus[last + 1] == cpus[last] + 1) ++last;
        text.append(text.empty() ? "" : ",").append(std::to_string(cpus[first]));
        if (last > first) text.append("-").append(std::to_string(cpus[last]));
        first = last + 1;
    }
    return text;
}

} // namespace kvduel::experiment
