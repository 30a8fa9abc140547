#include "core/http/body_decoder.hpp"
#include "core/http/head.hpp"
#include "core/http/response_head.hpp"
#include "core/kv/handle.hpp"
#include "core/kv/route.hpp"

#include <doctest/doctest.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kvduel::kv {

namespace {

using namespace std::string_literals;

/// One connection without the connection: the verbs of the servers in their order, over bytes in memory.
class Conversation {
public:
    explicit Conversation(http::Limits limits = {}) : limits_(limits), reader_(limits), decoder_(limits) {}

    /// Takes the next bytes of the client and answers all that can be answered.
    void receive(std::string_view bytes) {
        if (is_closed_) return;
        input_ += bytes;
        while (!is_closed_ && (head_ ? advance_body() : advance_head())) {
        }
    }

    const std::string& output() const { return output_; }
    bool is_closed() const { return is_closed_; }

private:
    bool advance_head() {
        const http::HeadResult result = reader_.read({input_.data(), input_.size()});
        if (std::holds_alternative<http::NeedMore>(result)) return false;
        reader_.reset();
        if (const auto* refusal = std::get_if<http::Refusal>(&result)) {
            answer(refuse(*refusal));
            return true;
        }
        head_ = std::get<http::Head>(result);
        const RouteResult routed = route(*head_, limits_, key_);
        input_.erase(0, head_->size);
        refusal_.reset();
        if (const auto* refusal = std::get_if<http::Refusal>(&routed)) {
            refusal_ = *refusal;
            if (refusal->closes) {
                answer(refuse(*refusal));
                return true;
            }
            decoder_.start(*head_, max_body_bytes(head_->method, limits_));
        } else {
            route_ = std::get<Route>(routed);
            decoder_.start(*head_, route_.max_body_bytes);
            if (head_->expectation == http::Expectation::kContinue) output_ += http::kContinueResponse;
        }
        return true;
    }

    bool advance_body() {
        const http::BodyDecoder::Decoded step = decoder_.decode(input_);
        if (!refusal_ && route_.keeps_body()) body_.append(step.data);
        input_.erase(0, step.consumed);
        switch (step.state) {
        case http::BodyDecoder::State::kNeedMore: return false;
        case http::BodyDecoder::State::kData: return true;
        case http::BodyDecoder::State::kRefused: answer(refuse(step.refusal)); return true;
        case http::BodyDecoder::State::kDone: break;
        }
        if (refusal_)
            answer(refuse(*refusal_));
        else
            answer(handle(route_, key_, {.view = {}, .gathered = &body_}, *store_, limits_));
        body_ = store::ValueBuilder();
        return true;
    }

    void answer(Response response) {
        is_closed_ = response.closes || (head_ && !head_->keeps_alive);
        if (is_closed_)
            response.head.connection = http::ConnectionField::kClose;
        else if (head_->is_http_1_0)
            response.head.connection = http::ConnectionField::kKeepAlive;
        std::array<char, http::kMaxResponseHeadBytes> out{};
        const std::size_t size = http::write_response_head(out, response.head, http::format_date(0));
        output_.append(out.data(), size).append(response.body());
        head_.reset();
    }

    http::Limits limits_;
    http::HeadReader reader_;
    http::BodyDecoder decoder_;
    std::unique_ptr<store::Store> store_ = store::find_store("mutex")->make({});
    std::optional<http::Head> head_; ///< of the request whose body is being read
    std::optional<http::Refusal> refusal_;
    Route route_;
    std::string key_;
    store::ValueBuilder body_;
    std::string input_;
    std::string output_;
    bool is_closed_ = false;
};

/// The answers of one connection in short: status, body, "!" at the end when it closed.
std::string summarise(const Conversation& conversation) {
    std::string summary;
    std::string_view rest = conversation.output();
    while (!rest.empty()) {
        const std::string_view head = rest.substr(0, rest.find("\r\n\r\n") + 4);
        REQUIRE(head.starts_with("HTTP/1.1 "));
        REQUIRE((head.starts_with("HTTP/1.1 100") || head.find("\r\nDate: Thu, 01 Jan 1970") != head.npos));
        rest.remove_prefix(head.size());
        if (!summary.empty()) summary += " | ";
        summary += head.substr(9, 3);
        const std::size_t length_at = head.find("Content-Length: ");
        if (length_at == head.npos) continue;
        // Only the answers of this table's HEAD requests carry a length and no body; they name it as theirs.
        const std::size_t length = std::stoul(std::string(head.substr(length_at + 16)));
        if (length == 0 || rest.starts_with("HTTP/1.1 ") || rest.empty()) continue;
        REQUIRE(rest.size() >= length);
        summary += " " + std::string(rest.substr(0, length));
        rest.remove_prefix(length);
    }
    return summary + (conversation.is_closed() ? "!" : "");
}

struct Exchanges {
    std::string input;
    const char* answers;
    const char* why;
};

std::string request(const std::string& line, const std::string& fields = "", const std::string& body = "") {
    return line + " HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n" + body;
}

std::string with_body(const std::string& line, const std::string& body) {
    return request(line, "Content-Length: " + std::to_string(body.size()) + "\r\n", body);
}

std::string chunked(const std::string& line, const std::string& body) {
    return request(line, "Transfer-Encoding: chunked\r\n", body);
}

std::vector<Exchanges> rows() {
    const std::string put = with_body("PUT /k", "v");
    const std::string get = request("GET /k");
    return {
        {put + get + request("GET /x"), "201 | 200 v | 404 Key not found", "1"},
        {put + put, "201 | 204", "67: created, then replaced"},
        {request("FOO /k") + get, "501 Not Implemented | 404 Key not found", "9: stays open"},
        {with_body("PATCH /k", "x") + with_body("POST /k", "x") + request("DELETE /"),
         "405 Method Not Allowed | 405 Method Not Allowed | 405 Method Not Allowed", "10: stays open"},
        {request("TRACE /k", "Authorization: secret\r\n"), "405 Method Not Allowed", "13: nothing is echoed"},
        {request("CONNECT h:443"), "501 Not Implemented!", "14"},
        {put + request("GET http://127.0.0.1:1/k"), "201 | 200 v", "15"},
        {request("OPTIONS *") + request("OPTIONS /k") + request("OPTIONS /"), "204 | 204 | 204", "16"},
        {request("GET *"), "400 Bad Request!", "17"},
        {request("GET /") + request("GET /a/b"), "400 Key cannot be empty | 404 Not Found", "21"},
        {with_body("PUT /a%2Fb", "v") + with_body("POST /", "a/b=w") + request("GET /a%2fb"),
         "201 | 200 Key inserted | 200 w", "23"},
        {"GET /k HTTP/1.0\r\n\r\n"s + get, "404 Key not found!", "33: closes"},
        {"GET /k HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"s + get, "404 Key not found | 404 Key not found",
         "34"},
        {request("GET /k", "Connection: close\r\n") + get, "404 Key not found!", "40"},
        {request("POST /", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n") + get,
         "400 Bad Request!", "42: exactly one answer"},
        {request("PUT /k", "Content-Length: 1048577\r\n"), "413 Content Too Large!", "46: before the body"},
        {put + request("PUT /k", "Content-Length: 3\r\n", "ab"), "201", "47"},
        {with_body("GET /k", get) + with_body("DELETE /k", get) + get,
         "404 Key not found | 404 Key not found | 404 Key not found", "48: the body is no request"},
        {request("POST /") + request("PUT /k") + get, "400 Invalid format: expected key=value | 201 | 200",
         "54"},
        {chunked("POST /", "3\r\nk=a\r\n00A;x=\"y\"\r\n=\r\n0\r\n\r\n12\r\n000\r\n\r\n") + get,
         "200 Key inserted | 200 a=\r\n0\r\n\r\n12", "55, 56"},
        {put + chunked("PUT /k", "1\r\nw\r\n"), "201", "61"},
        {chunked("PUT /k", "1\r\nw\r\n0\r\nContent-Length: 5\r\nHost: x\r\n\r\n") + get, "201 | 200 w", "62"},
        {request("PUT /k", "Expect: 100-continue\r\nContent-Length: 1\r\n", "v") + get, "100 | 201 | 200 v",
         "63"},
        {request("PUT /k", "Expect: 100-continue\r\nContent-Length: 1048577\r\n"), "413 Content Too Large!",
         "64"},
        {request("PUT /k", "Expect: x\r\n"), "417 Expectation Failed!", "65"},
        {put + request("HEAD /k") + request("HEAD /x") + request("HEAD /a/b") + request("HEAD /"),
         "201 | 200 | 404 | 404 | 400", "66"},
        {with_body("POST /", "k=v") + get, "200 Key inserted | 200 v", "71"},
        {get + "BAD\r\n" + get, "404 Key not found | 400 Bad Request!", "72"},
        {chunked("PATCH /k", "1\r\nx\r\n0\r\n\r\n") + get, "405 Method Not Allowed | 404 Key not found",
         "a refused body is read and dropped"},
    };
}

} // namespace

TEST_CASE("a conversation goes as the contract's cases say, byte by byte and at every split") {
    for (const Exchanges& row : rows()) {
        CAPTURE(row.why);
        Conversation whole;
        whole.receive(row.input);
        CHECK(summarise(whole) == row.answers);
        Conversation bytewise;
        for (const char c : row.input) bytewise.receive({&c, 1});
        CHECK(bytewise.output() == whole.output());
        for (std::size_t at = 0; at <= row.input.size(); ++at) {
            Conversation split;
            split.receive(std::string_view(row.input).substr(0, at));
            split.receive(std::string_view(row.input).substr(at));
            REQUIRE(split.output() == whole.output());
            REQUIRE(split.is_closed() == whole.is_closed());
        }
    }
}

TEST_CASE("a thousand requests in one segment have a thousand answers, in order") {
    Conversation conversation;
    std::string input;
    std::string answers;
    for (int i = 0; i < 1'000; ++i) {
        input += with_body("POST /", "k=" + std::to_string(i)) + request("GET /k");
        answers += (i == 0 ? "" : " | ") + "200 Key inserted | 200 "s + std::to_string(i);
    }
    conversation.receive(input);
    CHECK(summarise(conversation) == answers);
}

TEST_CASE("the largest key can be stored and read fully escaped") {
    const http::Limits limits;
    std::string escaped;
    for (std::size_t i = 0; i < limits.max_key_bytes; ++i) escaped += "%6B";
    Conversation conversation;
    conversation.receive(with_body("POST /", std::string(limits.max_key_bytes, 'k') + "=v"));
    conversation.receive(request("GET /" + escaped) + request("GET /" + escaped + "k"));
    CHECK(summarise(conversation) == "200 Key inserted | 200 v | 414 URI Too Long!");
}

} // namespace kvduel::kv
