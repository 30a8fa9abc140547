#include "core/http/head.hpp"

#include "core/http/authority.hpp"
#include "core/http/field_views.hpp"
#include "core/http/transfer_coding.hpp"

#include <charconv>
#include <optional>

namespace kvduel::http {

namespace {

constexpr Refusal kFault{.status = Status::kBadRequest};

// RFC 9112 3.2: exactly one, valid; HTTP/1.0 may do without.
bool has_good_host(const FieldViews& fields) noexcept {
    if (fields.host.count == 0) return fields.is_http_1_0;
    return fields.host.count == 1 && is_valid_authority(fields.host.value);
}

// RFC 9112 6.3, and the stricter choices of the contract, section 3.
std::optional<Refusal> judge_framing(const FieldViews& fields, Head& head) noexcept {
    if (fields.transfer_encoding.count != 0) {
        const bool is_alone = fields.transfer_encoding.count == 1 && fields.content_length.count == 0;
        if (!is_alone || fields.is_http_1_0) return kFault;
        switch (judge_transfer_encoding(fields.transfer_encoding.value)) {
        case TransferCoding::kFaulty: return kFault;
        case TransferCoding::kUnknown: return Refusal{.status = Status::kNotImplemented};
        case TransferCoding::kChunked: break;
        }
        head.framing = Framing::kChunked;
    } else if (fields.content_length.count != 0) {
        const std::string_view digits = fields.content_length.value;
        const char* const last = digits.data() + digits.size();
        const auto [end, error] = std::from_chars(digits.data(), last, head.content_length);
        if (fields.content_length.count != 1 || error != std::errc{} || end != last) return kFault;
        head.framing = Framing::kLength;
    }
    return std::nullopt;
}

Expectation judge_expectation(const FieldViews& fields) noexcept {
    if (fields.is_http_1_0) return Expectation::kNone; // RFC 9110 10.1.1: ignored
    if (fields.expects_other) return Expectation::kUnknown;
    return fields.expects_continue ? Expectation::kContinue : Expectation::kNone;
}

HeadResult refuse(Refusal refusal, Method method) noexcept {
    refusal.head_only = method == Method::kHead;
    return refusal;
}

} // namespace

HeadResult HeadReader::read(std::span<char> bytes) noexcept {
    switch (validator_.advance({bytes.data(), bytes.size()})) {
    case HeadValidator::State::kNeedMore: return NeedMore{};
    case HeadValidator::State::kRefused: return validator_.refusal();
    case HeadValidator::State::kWhole: break;
    }
    // RFC 9110 2.5: a higher minor version is served as the highest we know. Beast knows 1.0 and 1.1.
    char& minor_version = bytes[validator_.minor_version_at()];
    if (minor_version > '1') minor_version = '1';
    return judge({bytes.data() + validator_.start(), validator_.size() - validator_.start()});
}

HeadResult HeadReader::judge(std::string_view text) const noexcept {
    FieldViews fields;
    const bool is_parsed = fields.parse(text);
    Head head;
    head.method = parse_method(fields.method);
    if (!is_parsed || !has_good_host(fields)) return refuse(kFault, head.method);
    if (const auto refusal = judge_framing(fields, head)) return refuse(*refusal, head.method);
    head.target = fields.target;
    head.is_http_1_0 = fields.is_http_1_0;
    head.keeps_alive = !fields.says_close && (fields.says_keep_alive || !fields.is_http_1_0);
    head.expectation = judge_expectation(fields);
    head.size = validator_.size();
    return head;
}

void HeadReader::reset() noexcept {
    validator_ = HeadValidator(limits_);
}

} // namespace kvduel::http
