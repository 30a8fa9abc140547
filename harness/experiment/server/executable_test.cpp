#include "harness/experiment/server/executable.hpp"

#include <doctest/doctest.h>

#include <stdlib.h>

#include <filesystem>

namespace kvduel::experiment {

namespace {

namespace fs = std::filesystem;

/// A build folder with one reference in it, which is "sh".
class BuildFolder {
public:
    BuildFolder() {
        fs::create_directories(root_ / "release/bin");
        fs::create_directories(root_ / "references");
        fs::create_symlink("/bin/sh", root_ / "references/kvduel-reference");
    }
    ~BuildFolder() { fs::remove_all(root_); }
    BuildFolder(const BuildFolder&) = delete;
    BuildFolder& operator=(const BuildFolder&) = delete;

    std::string bin() const { return root_ / "release/bin"; }

private:
    static std::string make_root() {
        std::string name = fs::temp_directory_path() / "kvduel-XXXXXX";
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        return name;
    }

    fs::path root_ = make_root();
};

Contender reference(const std::string& program) {
    Contender contender;
    contender.id = "go";
    contender.command = {program};
    contender.required_tools = {"no-such-tool"};
    contender.setup = "scripts/setup.sh --references";
    return contender;
}

} // namespace

TEST_CASE("a program is looked for beside our own first, then on PATH") {
    CHECK(*find_executable("sh", "", "/nowhere:/bin") == "/bin/sh");
    CHECK(*find_executable("sh", "/bin", "/usr/bin") == "/bin/sh");
    CHECK(*find_executable("/bin/sh", "", "") == "/bin/sh");
    const std::string folder = own_folder();
    CHECK(*find_executable("harness_experiment_test", folder, "") == folder + "/harness_experiment_test");
}

TEST_CASE(
    "a reference is found beside the build, and seen from our own folder without a path of this machine") {
    const BuildFolder build;
    const auto found = find_executable("kvduel-reference", build.bin(), "/bin");
    REQUIRE(found);
    CHECK(relative_to(build.bin(), *found) == "../../references/kvduel-reference");
    CHECK_FALSE(find_executable("kvduel-reference", "", "/bin"));
}

TEST_CASE("what a set-up needs is needed only until it has made the program") {
    const BuildFolder build;
    CHECK(resolve(reference("kvduel-reference"), build.bin(), "/bin"));

    const auto without_tool = resolve(reference("kvduel-other"), build.bin(), "/bin");
    REQUIRE_FALSE(without_tool);
    CHECK(
        message(without_tool.error()) ==
        "contender \"go\": needs \"no-such-tool\", not found on PATH; run scripts/setup.sh --references, or "
        "leave it out with --contenders");

    Contender unmade = reference("kvduel-other");
    unmade.required_tools = {"sh"};
    const auto not_built = resolve(unmade, build.bin(), "/bin");
    REQUIRE_FALSE(not_built);
    CHECK(not_built.error().kind == ErrorKind::kUnavailable);
    CHECK(not_built.error().what == "kvduel-other: not found in " + build.bin() + " or on PATH");
    CHECK(not_built.error().hint == "run scripts/setup.sh --references, or leave it out with --contenders");
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
