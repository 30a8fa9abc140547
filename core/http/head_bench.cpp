#include "core/http/head.hpp"
#include "core/http/head_validator.hpp"
#include "core/http/response_head.hpp"

#include <benchmark/benchmark.h>

#include <array>
#include <string>

namespace kvduel::http {

namespace {

// What the load generator sends: three fields.
std::string make_head() {
    return "GET /user0000000000012345 HTTP/1.1\r\nHost: 127.0.0.1:41234\r\nUser-Agent: kvduel/0.1\r\n"
           "Accept: */*\r\n\r\n";
}

void head_validator_alone(benchmark::State& state) {
    const std::string head = make_head();
    const Limits limits;
    for (auto _ : state) {
        HeadValidator validator(limits);
        benchmark::DoNotOptimize(validator.advance(head));
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(head.size()));
}
BENCHMARK(head_validator_alone);

void head_reader_whole(benchmark::State& state) {
    std::string head = make_head();
    HeadReader reader(Limits{});
    for (auto _ : state) {
        benchmark::DoNotOptimize(reader.read({head.data(), head.size()}));
        reader.reset();
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(head.size()));
}
BENCHMARK(head_reader_whole);

void response_head_writer(benchmark::State& state) {
    const DateText date = format_date(784'111'777);
    ResponseHead head{.content_type = ContentType::kOctets, .content_length = 100};
    std::array<char, kMaxResponseHeadBytes> out{};
    for (auto _ : state) {
        benchmark::DoNotOptimize(head);
        benchmark::DoNotOptimize(write_response_head(out, head, date));
        benchmark::ClobberMemory();
    }
}
BENCHMARK(response_head_writer);

} // namespace

} // namespace kvduel::http
