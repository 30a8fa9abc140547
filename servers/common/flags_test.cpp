#include "servers/common/flags.hpp"

#include "servers/common/options.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace kvduel::servers {
namespace {

Result<CommandLine> parse(Options& options, std::vector<const char*> words) {
    words.insert(words.begin(), "server");
    const std::vector<Flag> flags = common_flags(options);
    return parse_command_line(static_cast<int>(words.size()), words.data(), "server", "a server", flags);
}

} // namespace

TEST_CASE("every shared flag reaches its option") {
    Options options;
    REQUIRE(parse(options, {"--listen",
                            "[::1]:0",
                            "--threads",
                            "3",
                            "--store",
                            "mutex",
                            "--max-connections",
                            "7",
                            "--max-in-flight",
                            "8",
                            "--max-key-bytes",
                            "9",
                            "--max-value-bytes",
                            "10",
                            "--max-memory-bytes",
                            "70000",
                            "--header-timeout-ms",
                            "11",
                            "--idle-timeout-ms",
                            "12",
                            "--write-timeout-ms",
                            "13",
                            "--drain-timeout-ms",
                            "14",
                            "--work-cpu-us",
                            "15",
                            "--work-wait-us",
                            "16@50%",
                            "--log-level",
                            "warn"}));
    CHECK(options.listen.text() == "[::1]:0");
    CHECK(options.threads == 3);
    CHECK(options.store->name == "mutex");
    CHECK(options.max_connections == 7);
    CHECK(options.max_in_flight == 8);
    CHECK(options.limits.max_key_bytes == 9);
    CHECK(options.limits.max_value_bytes == 10);
    CHECK(options.max_memory_bytes == 70'000);
    CHECK(options.header_timeout.count() == 11);
    CHECK(options.idle_timeout.count() == 12);
    CHECK(options.write_timeout.count() == 13);
    CHECK(options.drain_timeout.count() == 14);
    CHECK(options.work_cpu.amount.count() == 15);
    CHECK(options.work_wait.share == doctest::Approx(0.5));
    CHECK(options.log_level == LogLevel::kWarn);
}

TEST_CASE("a bad flag or value is one line that names it and what is allowed") {
    struct Row {
        std::vector<const char*> words;
        const char* says;
    };
    for (const Row& row :
         {Row{{"--threads", "0"}, "--threads 0: not allowed; allowed: whole numbers from 1 to 1024"},
          Row{{"--threads", "1025"}, "allowed: whole numbers from 1 to 1024"},
          Row{{"--threads", "99999999999999999999"}, "--threads 99999999999999999999"},
          Row{{"--threads", "2x"}, "--threads 2x"}, Row{{"--threads", "-1"}, "--threads -1"},
          Row{{"--threads"}, "--threads"}, Row{{"--thread", "2"}, "--thread"},
          Row{{"--threads", "1", "--threads", "2"}, "--threads"},
          Row{{"--store", "redis"}, "allowed: mutex, sharded, snapshot"},
          Row{{"--log-level", "loud"}, "allowed: error, warn, info"}, Row{{"extra"}, "extra"},
          Row{{"--listen", "nowhere"}, "allowed: IPV4:PORT, [IPV6]:PORT, localhost:PORT"},
          Row{{"--idle-timeout-ms", "0"}, "whole numbers from 1 to 86400000"}}) {
        Options options;
        const auto command = parse(options, row.words);
        REQUIRE_FALSE(command);
        const std::string text = message(command.error());
        CAPTURE(text);
        CHECK(command.error().kind == ErrorKind::kUsage);
        CHECK(text.find(row.says) != std::string::npos);
        CHECK(text.find('\n') == std::string::npos);
    }
}

} // namespace kvduel::servers
