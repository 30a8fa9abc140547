#include "harness/tests/truth/answer.hpp"

namespace truth {

namespace {

constexpr std::string_view kAnyValue = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
constexpr std::size_t kFillerBytes = 0x10000;

std::string framed(std::string_view status, std::string_view body) {
    return "HTTP/1.1 " + std::string(status) + "\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + std::string(body);
}

} // namespace

std::string Answerer::write(std::string_view body) {
    const std::size_t equals = body.find('=');
    if (equals == std::string_view::npos || equals == 0) return framed("400 Bad Request", "");
    std::string key(body.substr(0, equals));
    if (values_.size() >= kMaxKeys && !values_.contains(key)) return framed("507 Insufficient Storage", "");
    if (first_key_.empty() || first_key_ == key)
        first_key_ = key;
    else if (second_key_.empty())
        second_key_ = key;
    Stored& stored = values_[std::move(key)];
    stored.before = std::move(stored.value);
    stored.value = body.substr(equals + 1);
    return framed("200 OK", "Key inserted");
}

const Answerer::Stored* Answerer::find(const Request& request) const {
    const auto found = values_.find(std::string(request.target.substr(1)));
    return request.method == "GET" && found != values_.end() ? &found->second : nullptr;
}

/// Counts the request for `stored` if the fault can befall it.
bool Answerer::is_due(const Stored* stored) {
    if (fault_ == Fault::kNone) return false;
    if (is_wrong_value(fault_)) {
        if (stored == nullptr || stored->value.empty()) return false;
        const bool needs_before = fault_ == Fault::kTorn || fault_ == Fault::kStale;
        if (needs_before && (stored->before.empty() || stored->before == stored->value)) return false;
        if (fault_ == Fault::kSwapped && second_key_.empty()) return false;
    }
    return ++candidates_ % every_ == 0;
}

std::string Answerer::wrong_value(const Request& request, const Stored& stored) const {
    const std::size_t half = stored.value.size() / 2;
    switch (fault_) {
    case Fault::kTorn: return stored.value.substr(0, half) + stored.before.substr(half);
    case Fault::kStale: return stored.before;
    case Fault::kCut: return stored.value.substr(0, stored.value.size() - 1);
    default: return values_.at(request.target.substr(1) == first_key_ ? second_key_ : first_key_).value;
    }
}

Answer Answerer::wrong_answer(const Request& request, const Stored* stored, std::string right) const {
    const std::string filler(kFillerBytes, 'x');
    switch (fault_) {
    case Fault::kShortBody: return {fault_, right.substr(0, right.find("\r\n\r\n") + 5), "", Ending::kClose};
    case Fault::kCutHead: return {fault_, right.substr(0, right.find("\r\n") + 4), "", Ending::kClose};
    case Fault::kClose: return {fault_, "", "", Ending::kClose};
    case Fault::kReset: return {fault_, "", "", Ending::kReset};
    case Fault::kGarbage: return {fault_, "This is not the protocol you are looking for.\r\n\r\n", "", {}};
    case Fault::kStray: return {fault_, right + "stray", "", {}};
    case Fault::kEndlessHead:
        return {fault_, "HTTP/1.1 200 OK\r\n", "X-Filler: " + filler + "\r\n", Ending::kEndless};
    case Fault::kEndlessBody:
        return {fault_, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                "10000\r\n" + filler + "\r\n", Ending::kEndless};
    case Fault::kNever: return {fault_, "", "", Ending::kSilent};
    case Fault::kStatus: return {fault_, framed("503 Service Unavailable", "later"), "", {}};
    default: return {fault_, framed("200 OK", wrong_value(request, *stored)), "", {}};
    }
}

Answer Answerer::answer(const Request& request, bool may_fault) {
    const bool is_write = request.method == "POST";
    const Stored* stored = find(request);
    std::string right =
        is_write ? write(request.body) : framed("200 OK", stored != nullptr ? stored->value : kAnyValue);
    Answer answer{Fault::kNone, std::move(right), "", Ending::kOpen};
    if (may_fault && is_due(stored)) answer = wrong_answer(request, stored, std::move(answer.bytes));
    if (request.closes && answer.ending == Ending::kOpen) answer.ending = Ending::kClose;
    return answer;
}

} // namespace truth
