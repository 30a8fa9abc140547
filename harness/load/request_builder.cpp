#include "harness/load/request_builder.hpp"

#include "core/http/request_writer.hpp"
#include "harness/workload/keys.hpp"

#include <algorithm>
#include <cstring>

namespace kvduel::load {

using workload::kKeyPrefixBytes;

namespace {

std::string some_key() {
    const workload::KeyText text = workload::key_text(0);
    return {text.begin(), text.end()};
}

} // namespace

RequestBuilder::RequestBuilder(const workload::Workload& workload, const workload::ValueCodec& codec,
                               std::string_view host)
    : codec_(codec) {
    for (const bool closes : {false, true}) {
        get_[closes] = workload.path ? make_path_get(*workload.path, host, closes) : make_get(host, closes);
        post_[closes] = make_post(workload.value_bytes, host, closes);
    }
    max_bytes_ = std::max(get_[true].text.size(), post_[true].text.size() + workload.value_bytes);
}

RequestBuilder::Template RequestBuilder::make_get(std::string_view host, bool closes) {
    Template made = make_path_get("/" + some_key(), host, closes);
    made.key_digits_at = std::string_view("GET /").size() + kKeyPrefixBytes;
    return made;
}

RequestBuilder::Template RequestBuilder::make_path_get(std::string_view path, std::string_view host,
                                                       bool closes) {
    return {http::write_request_head(
                {.method = "GET", .target = path, .host = host, .content_length = {}, .closes = closes}),
            kNoKey};
}

RequestBuilder::Template RequestBuilder::make_post(std::size_t value_bytes, std::string_view host,
                                                   bool closes) {
    const std::string key = some_key() + "=";
    std::string head = http::write_request_head({.method = "POST",
                                                 .target = "/",
                                                 .host = host,
                                                 .content_length = key.size() + value_bytes,
                                                 .closes = closes});
    const std::size_t digits_at = head.size() + kKeyPrefixBytes;
    return {std::move(head) + key, digits_at};
}

std::size_t RequestBuilder::write(const Exchange& exchange, char* out) const noexcept {
    const bool is_post = exchange.request.operation == workload::Operation::kPost;
    const Template& from = (is_post ? post_ : get_)[exchange.closes];
    std::memcpy(out, from.text.data(), from.text.size());
    if (from.key_digits_at != kNoKey)
        workload::write_key_digits(out + from.key_digits_at, exchange.request.key);
    if (!is_post) return from.text.size();
    codec_.write(out + from.text.size(), exchange.request.key, exchange.version);
    return from.text.size() + codec_.length();
}

} // namespace kvduel::load
