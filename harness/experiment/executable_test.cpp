#include "harness/experiment/executable.hpp"

#include <doctest/doctest.h>

namespace kvduel::experiment {

TEST_CASE("a program is looked for beside our own first, then on PATH") {
    CHECK(*find_executable("sh", "", "/nowhere:/bin") == "/bin/sh");
    CHECK(*find_executable("sh", "/bin", "/usr/bin") == "/bin/sh");
    CHECK(*find_executable("/bin/sh", "", "") == "/bin/sh");
    const std::string folder = own_folder();
    CHECK(*find_executable("harness_experiment_test", folder, "") == folder + "/harness_experiment_test");
}

TEST_CASE("a program that is missing, a folder or not executable is named with the reason") {
    const auto why = [](const std::string& name, std::string_view path) {
        const auto found = find_executable(name, "", path);
        REQUIRE_FALSE(found);
        CHECK(found.error().kind == ErrorKind::kUnavailable);
        return message(found.error());
    };
    CHECK(why("kvduel-none", "/bin:/usr/bin") == "kvduel-none: not found in . or on PATH");
    CHECK(why("/bin", "") == "/bin: not a file");
    CHECK(why("/etc/passwd", "") == "/etc/passwd: not executable");
    CHECK(why("passwd", "/etc") == "passwd: /etc/passwd: not executable");
    CHECK(why("", "/bin") == "no program named");
}

TEST_CASE("a contender is resolved to a path and the digest of its binary") {
    Contender contender;
    contender.id = "mine";
    contender.command = {"sh", "-c", "exit"};
    const auto resolved = resolve(contender, "", "/bin");
    REQUIRE(resolved);
    CHECK(resolved->executable == "/bin/sh");
    CHECK(resolved->sha256.size() == 64);
}

TEST_CASE("a contender that cannot be had is named before any trial") {
    Contender contender;
    contender.id = "go";
    contender.command = {"sh"};
    contender.required_tools = {"no-such-tool"};
    const auto missing_tool = resolve(contender, "", "/bin");
    REQUIRE_FALSE(missing_tool);
    CHECK(message(missing_tool.error()).starts_with("contender \"go\": needs \"no-such-tool\""));

    contender.required_tools.clear();
    contender.command = {"no-such-server"};
    const auto missing = resolve(contender, "", "/bin");
    REQUIRE_FALSE(missing);
    CHECK(missing.error().kind == ErrorKind::kUnavailable);
    CHECK(missing.error().where == "contender \"go\"");

    contender.command.clear();
    CHECK_FALSE(resolve(contender, "", "/bin"));
    contender.target = load::Target{"127.0.0.1", 80};
    CHECK(resolve(contender, "", "/bin"));
}

} // namespace kvduel::experiment
