#include "core/http/response_parser.hpp"

#include <benchmark/benchmark.h>

namespace kvduel::http {

static const std::string kAnswer = "HTTP/1.1 200 OK\r\n"
                                   "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                                   "Content-Type: application/octet-stream\r\n"
                                   "X-Content-Type-Options: nosniff\r\n"
                                   "Content-Length: 64\r\n\r\n" +
                                   std::string(64, 'v');

/// The answer to a GET, whole in one buffer: what nearly every request pays.
static void parse_whole_answer(benchmark::State& state) {
    ResponseParser parser({});
    for (auto _ : state) {
        parser.start(false);
        benchmark::DoNotOptimize(parser.parse(kAnswer));
    }
}
BENCHMARK(parse_whole_answer);

static void parse_cut_answer(benchmark::State& state) {
    ResponseParser parser({});
    const std::string_view answer = kAnswer;
    const std::size_t middle = answer.size() / 2;
    for (auto _ : state) {
        parser.start(false);
        benchmark::DoNotOptimize(parser.parse(answer.substr(0, middle)));
        benchmark::DoNotOptimize(parser.parse(answer.substr(middle)));
    }
}
BENCHMARK(parse_cut_answer);

} // namespace kvduel::http
