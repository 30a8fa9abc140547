#pragma once

#include <string>
#include <utility>
#include <variant>

namespace kvduel {

/// What went wrong, as the exit table sees it: each kind is one exit code of every program (exit_code()).
enum class ErrorKind {
    kUsage,       ///< a bad flag or value on the command line
    kBadInput,    ///< a file that is not what it must be
    kUnavailable, ///< a contender, address or program that cannot be had
    kCannotWrite, ///< an output that cannot be written
    kInterrupted, ///< a signal ended the work
    kInvalid,     ///< a measurement that does not stand
    kBusy,        ///< a machine on which no measurement would stand
};

/// One failure, carried as a value to main(), which prints it once. `where` may be empty.
struct Error {
    ErrorKind kind;
    std::string where; ///< file and JSON pointer, flag, address or contender
    std::string what;  ///< what is wrong, and what is allowed
    std::string hint;  ///< what to do; may be empty
};

/// "where: what; hint", without the parts that are empty.
std::string message(const Error& error);

/// The exit code of `kind` in the one table of the whole tool (docs/architecture.md).
int exit_code(ErrorKind kind) noexcept;

/// A value or the error that stands in its way. Asking for the one that is not there is a broken promise
/// (std::bad_variant_access).
template <typename T>
class [[nodiscard]] Result {
public:
    Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : held_(std::in_place_index<1>, std::move(error)) {}

    explicit operator bool() const noexcept { return held_.index() == 0; }
    T& value() & { return std::get<0>(held_); }
    const T& value() const& { return std::get<0>(held_); }
    T&& value() && { return std::get<0>(std::move(held_)); }
    Error& error() & { return std::get<1>(held_); }
    const Error& error() const& { return std::get<1>(held_); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }

private:
    std::variant<T, Error> held_;
};

/// A step that gives nothing but may fail.
using Outcome = Result<std::monostate>;
inline Outcome ok() {
    return Outcome(std::monostate{});
}

} // namespace kvduel
