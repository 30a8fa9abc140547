#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kvduel::servers::null {

/// Counts the requests in what one peer sends, and keeps the value of its last POST, KEY=VALUE. It believes
/// the client: a head is what a blank line ends, and only a request that begins with P has a body. Sans I/O,
/// not thread-safe.
class Requests {
public:
    static constexpr std::size_t kMaxHeadBytes = 8 * 1024;     ///< of a POST
    static constexpr std::size_t kMaxValueBytes = 1024 * 1024; ///< of its body

    /// How many requests end in `bytes`, the next that came; none if a POST is over its limits or tells no
    /// length, and then the peer is of no more use.
    std::optional<std::size_t> count(std::string_view bytes);

    /// The value of the last POST that ended, once. None if none did since it was asked.
    std::optional<std::string> take_value() noexcept;

private:
    std::size_t take_head(std::string_view bytes, std::size_t& heads) noexcept;
    std::optional<std::size_t> take_post(std::string_view bytes, std::size_t& requests);

    std::uint8_t matched_ = 0;    ///< bytes of CRLFCRLF that the last bytes ended in
    bool is_in_head_ = false;     ///< of a request without a body
    std::string post_;            ///< what came of a POST: its head, then its body
    std::size_t post_bytes_ = 0;  ///< all of it, once its head is read
    std::size_t value_begin_ = 0; ///< where its body begins
    std::optional<std::string> value_;
};

} // namespace kvduel::servers::null
