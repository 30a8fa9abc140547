#include "core/support/error.hpp"

namespace kvduel {

std::string message(const Error& error) {
    std::string text;
    if (!error.where.empty()) text.append(error.where).append(": ");
    text.append(error.what);
    if (!error.hint.empty()) text.append("; ").append(error.hint);
    return text;
}

int exit_code(ErrorKind kind) noexcept {
    switch (kind) {
    case ErrorKind::kInvalid: return 3;
    case ErrorKind::kUsage: return 64;
    case ErrorKind::kBadInput: return 65;
    case ErrorKind::kUnavailable: return 69;
    case ErrorKind::kCannotWrite: return 73;
    case ErrorKind::kBusy: return 75;
    case ErrorKind::kInterrupted: return 130;
    }
    return 70; // unreachable: -Wswitch names a kind without a row
}

} // namespace kvduel
