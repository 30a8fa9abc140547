#include "harness/report/json/strict_json.hpp"

#include "harness/report/json/gzip.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <fstream>
#include <optional>
#include <sys/stat.h>
#include <system_error>
#include <vector>

namespace kvduel::report {
namespace {

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

/// The parser's words in ours. What it read is not repeated: it may hold anything.
std::string plain_fault(std::string_view words, std::string_view token) {
    if (contains(words, "number overflow")) return fmt::format("{} is past the range of a number", token);
    if (contains(words, "ill-formed UTF-8")) return "this text is not UTF-8";
    if (contains(words, "control character")) return "a control byte in a text must be escaped";
    if (contains(words, "forbidden after backslash")) return "no such escape in a text";
    if (contains(words, "missing closing quote")) return "this text has no closing quote";
    if (contains(words, "comment")) return "this comment has no end or no second '/' or '*'";
    if (contains(words, "; expected end of input")) return "something follows the document";
    const std::string_view ends = contains(words, "unexpected end of input") ? "the file ends here; " : "";
    std::string_view expected = "expected a value";
    if (contains(words, "; expected ']'")) expected = "expected ',' or ']' after this item";
    if (contains(words, "; expected '}'")) expected = "expected ',' or '}' after this value";
    if (contains(words, "; expected string literal")) expected = "expected a key in double quotes";
    if (contains(words, "; expected ':'")) expected = "expected ':' after this key";
    return fmt::format("{}{}", ends, expected);
}

/// Where the fault begins. The parser says how far it read and, for texts and numbers, what it read last.
std::size_t fault_offset(std::string_view text, std::size_t position, std::string_view token,
                         std::string_view words) {
    if (contains(words, "unexpected end of input")) return text.size();
    const std::size_t read = std::min(position, text.size());
    const bool is_whole_token =
        !token.empty() && std::string_view("\"-0123456789").find(token[0]) != token.npos;
    const std::size_t back = is_whole_token ? token.size() : 1;
    return read >= back ? read - back : 0;
}

/// "line:column" of a byte, both from 1; columns count bytes.
std::string line_and_column(std::string_view text, std::size_t offset) {
    const std::string_view before = text.substr(0, std::min(offset, text.size()));
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const std::size_t start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    return fmt::format("{}:{}", line, before.size() - start + 1);
}

/// Hears the parser and builds the tree; stops at the first fault.
class TreeBuilder {
public:
    TreeBuilder(std::string_view text, std::string_view file, const JsonLimits& limits)
        : text_(text), file_(file), limits_(limits) {}

    bool null() { return put(nullptr); }
    bool boolean(bool value) { return put(value); }
    bool number_integer(std::int64_t value) { return put(value); }
    bool number_unsigned(std::uint64_t value) { return put(value); }
    bool number_float(double value, const std::string& digits) {
        if (digits.find_first_of(".eE") == std::string::npos)
            return refuse("this integer does not fit 64 bits");
        return put(value);
    }
    bool string(std::string& value) { return put(std::move(value)); }
    bool binary(Json::binary_t&) { return refuse("binary data is not JSON"); }

    bool start_object(std::size_t) { return open(Json::object()); }
    bool start_array(std::size_t) { return open(Json::array()); }
    bool end_object() { return close(); }
    bool end_array() { return close(); }
    bool key(std::string& name) {
        key_ = std::move(name);
        if (open_.back()->contains(key_)) return refuse("this key appears twice");
        return true;
    }

    bool parse_error(std::size_t position, const std::string& token, const Json::exception& fault) {
        const std::size_t begin = fault_offset(text_, position, token, fault.what());
        error_ = Error{ErrorKind::kBadInput, fmt::format("{}:{}", file_, line_and_column(text_, begin)),
                       fmt::format("not JSON: {}", plain_fault(fault.what(), token)), ""};
        return false;
    }

    Result<Json> take() {
        if (error_) return *std::move(error_);
        return std::move(root_);
    }

private:
    template <typename Value>
    bool put(Value&& value) {
        add(Json(std::forward<Value>(value)));
        return true;
    }

    Json* add(Json value) {
        if (open_.empty()) {
            root_ = std::move(value);
            return &root_;
        }
        if (open_.back()->is_array()) {
            open_.back()->push_back(std::move(value));
            return &open_.back()->back();
        }
        return &((*open_.back())[key_] = std::move(value));
    }

    bool open(Json container) {
        if (open_.size() >= limits_.max_depth)
            return refuse(fmt::format("nested deeper than {} levels", limits_.max_depth));
        const std::string step = next_step();
        open_.push_back(add(std::move(container)));
        steps_.push_back(step);
        return true;
    }

    bool close() {
        open_.pop_back();
        steps_.pop_back();
        return true;
    }

    /// The pointer step of the value that comes next.
    std::string next_step() const {
        if (open_.empty()) return "";
        if (open_.back()->is_array()) return fmt::format("/{}", open_.back()->size());
        return fmt::format("/{}", pointer_step(key_));
    }

    bool refuse(std::string what) {
        std::string pointer;
        for (const std::string& step : steps_) pointer += step;
        error_ = Error{ErrorKind::kBadInput, fmt::format("{}#{}{}", file_, pointer, next_step()),
                       std::move(what), ""};
        return false;
    }

    std::string_view text_;
    std::string_view file_;
    const JsonLimits& limits_;
    Json root_;
    std::vector<Json*> open_; ///< containers not yet closed; a parent does not grow while a child is open
    std::vector<std::string> steps_;
    std::string key_;
    std::optional<Error> error_;
};

Error bad_file(const std::string& path, std::string what) {
    return {ErrorKind::kBadInput, path, std::move(what), ""};
}

} // namespace

std::string pointer_step(std::string_view key) {
    std::string step;
    for (const char byte : key) {
        if (byte == '~') {
            step += "~0";
        } else if (byte == '/') {
            step += "~1";
        } else {
            const bool is_control = static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F;
            step += is_control ? '?' : byte;
        }
    }
    return step;
}

Result<Json> parse_json(std::string_view text, std::string_view file, const JsonLimits& limits) {
    if (text.size() > limits.max_bytes)
        return bad_file(std::string(file),
                        fmt::format("larger than {} bytes, the most allowed", limits.max_bytes));
    TreeBuilder builder(text, file, limits);
    Json::sax_parse(text.begin(), text.end(), &builder, Json::input_format_t::json, true,
                    limits.allows_comments);
    return builder.take();
}

Result<Json> read_json_file(const std::string& path, const JsonLimits& limits) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return bad_file(path, std::generic_category().message(errno));
    if (!S_ISREG(status.st_mode)) return bad_file(path, "not a regular file");
    std::ifstream stream(path, std::ios::binary);
    if (!stream) return bad_file(path, std::generic_category().message(errno));
    const std::size_t wanted = std::min(static_cast<std::size_t>(status.st_size), limits.max_bytes) + 1;
    std::string text(wanted, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(wanted));
    if (stream.bad()) return bad_file(path, "cannot be read");
    text.resize(static_cast<std::size_t>(stream.gcount()));
    if (text.empty()) return bad_file(path, "the file is empty; expected JSON");
    if (!is_gzip(text)) return parse_json(text, path, limits);
    const Result<std::string> unpacked = gunzip(text, limits.max_bytes);
    return unpacked ? parse_json(*unpacked, path, limits) : bad_file(path, unpacked.error().what);
}

} // namespace kvduel::report
