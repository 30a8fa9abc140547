#include "core/http/field_views.hpp"
#include "core/http/head_reading_for_test.hpp"
#include "core/http/head_validator.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

// Segmentation never changes a verdict, sizes stay within the input, and what the validator accepts Beast
// parses: Connection, Content-Length and Transfer-Encoding aside, which Beast also judges by meaning, and
// which the reader's verdicts cover.
namespace {

using namespace kvduel::http;

void require(bool holds) {
    if (!holds) std::abort();
}

/// The head with every field under a name that means nothing, and a version that Beast knows.
std::string without_meaning(std::string head, std::size_t minor_version_at) {
    if (head[minor_version_at] > '1') head[minor_version_at] = '1';
    for (std::size_t at = head.find("\r\n"); head[at + 2] != '\r'; at = head.find("\r\n", at + 2))
        head[at + 2] = 'X';
    return head;
}

void check_beast_accepts(const std::string& bytes) {
    HeadValidator validator{Limits{}};
    if (validator.advance(bytes) != HeadValidator::State::kWhole) return;
    require(validator.size() <= bytes.size());
    const std::string head = bytes.substr(validator.start(), validator.size() - validator.start());
    FieldViews fields;
    require(fields.parse(without_meaning(head, validator.minor_version_at() - validator.start())));
    require(!fields.target.empty() && !fields.method.empty());
}

void check_sizes(std::string bytes) {
    HeadReader reader(Limits{});
    const HeadResult result = reader.read({bytes.data(), bytes.size()});
    if (std::holds_alternative<NeedMore>(result)) require(bytes.size() < Limits{}.max_head_bytes());
    if (const auto* refusal = std::get_if<Refusal>(&result)) require(refusal->closes);
    const auto* head = std::get_if<Head>(&result);
    if (head == nullptr) return;
    require(head->size <= bytes.size());
    require(head->target.data() > bytes.data());
    require(head->target.data() + head->target.size() < bytes.data() + head->size);
    require(head->framing == Framing::kLength || head->content_length == 0);
    require(head->framing != Framing::kChunked || !head->is_http_1_0);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    const std::string whole = read_in_pieces(bytes, {});
    require(read_bytewise(bytes) == whole);
    // Two cuts, placed by the input itself.
    const std::size_t first = size == 0 ? 0 : data[0] * size / 256;
    const std::size_t second = size == 0 ? 0 : first + data[size - 1] * (size - first) / 256;
    require(read_in_pieces(bytes, {first, second}) == whole);
    check_beast_accepts(bytes);
    check_sizes(bytes);
    return 0;
}
