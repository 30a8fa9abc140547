#pragma once

#include "harness/tests/truth/fault.hpp"
#include "harness/tests/truth/request.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace truth {

/// What follows the bytes of an answer.
enum class Ending : std::uint8_t {
    kOpen,    ///< the connection stays
    kClose,   ///< it ends with FIN
    kReset,   ///< it ends with RST
    kEndless, ///< `filler` again and again until the peer has enough
    kSilent,  ///< nothing was sent and nothing will be
};

struct Answer {
    Fault fault = Fault::kNone; ///< what was done wrong, if anything
    std::string bytes;
    std::string filler;
    Ending ending = Ending::kOpen;
};

/// Really stores values (POST / with key=value, GET /key), and does one thing wrong with every `every`-th
/// request that it can be done wrong with. A key that nobody wrote is answered with 64 constant bytes, so
/// that a GET of any path succeeds. Not thread-safe.
class Answerer {
public:
    static constexpr std::size_t kMaxKeys = 1 << 20; ///< a write past it is answered 507

    Answerer(Fault fault, std::uint64_t every) noexcept : fault_(fault), every_(every) {}

    /// `may_fault`: false for requests that shall be answered right, and are not counted for `every`.
    Answer answer(const Request& request, bool may_fault);

private:
    struct Stored {
        std::string value;
        std::string before; ///< the value that the last write replaced
    };

    std::string write(std::string_view body);
    const Stored* find(const Request& request) const;
    bool is_due(const Stored* stored);
    std::string wrong_value(const Request& request, const Stored& stored) const;
    Answer wrong_answer(const Request& request, const Stored* stored, std::string right) const;

    Fault fault_;
    std::uint64_t every_;
    std::uint64_t candidates_ = 0;
    std::unordered_map<std::string, Stored> values_;
    std::string first_key_;
    std::string second_key_; ///< whose value the first key gets when values are swapped
};

} // namespace truth
