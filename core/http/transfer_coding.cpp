#include "core/http/transfer_coding.hpp"

#include "core/http/scanner.hpp"

namespace kvduel::http {

namespace {

// RFC 9112 7: transfer-parameter = token BWS "=" BWS ( token / quoted-string )
bool take_parameter(Scanner& scanner) noexcept {
    scanner.skip_blanks();
    if (scanner.take_token().empty()) return false;
    scanner.skip_blanks();
    if (!scanner.take('=')) return false;
    scanner.skip_blanks();
    return !scanner.take_token().empty() || scanner.take_quoted_string();
}

} // namespace

TransferCoding judge_transfer_encoding(std::string_view value) noexcept {
    Scanner scanner(value);
    bool has_chunked = false;
    bool has_other = false;
    while (!scanner.is_at_end()) {
        scanner.skip_blanks();
        if (scanner.is_at_end() || scanner.take(',')) continue;
        const std::string_view coding = scanner.take_token();
        // Whatever follows `chunked`, itself included, is a fault.
        if (coding.empty() || has_chunked) return TransferCoding::kFaulty;
        const bool is_chunked = equals_ignoring_case(coding, "chunked");
        for (scanner.skip_blanks(); scanner.take(';'); scanner.skip_blanks())
            if (is_chunked || !take_parameter(scanner)) return TransferCoding::kFaulty;
        if (!scanner.is_at_end() && !scanner.take(',')) return TransferCoding::kFaulty;
        (is_chunked ? has_chunked : has_other) = true;
    }
    if (has_other) return TransferCoding::kUnknown;
    return has_chunked ? TransferCoding::kChunked : TransferCoding::kFaulty;
}

} // namespace kvduel::http
