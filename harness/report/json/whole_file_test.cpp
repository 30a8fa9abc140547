#include "harness/report/json/whole_file.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace kvduel::report {
namespace {

namespace fs = std::filesystem;

/// A folder of its own, gone at the end.
class Folder {
public:
    Folder() {
        std::string name = (fs::temp_directory_path() / "kvduel-whole-file-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    ~Folder() { fs::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::string file(const char* name) const { return (path_ / name).string(); }
    std::ptrdiff_t entries() const {
        return std::distance(fs::directory_iterator(path_), fs::directory_iterator());
    }

private:
    fs::path path_;
};

std::string content(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

} // namespace

TEST_CASE("a file is created, then replaced, and nothing else is left") {
    const Folder folder;
    const std::string path = folder.file("a.json");
    REQUIRE(write_whole_file(path, "first"));
    REQUIRE(write_whole_file(path, "second"));
    CHECK(content(path) == "second");
    CHECK(folder.entries() == 1);
}

TEST_CASE("a link is followed: the file it names is replaced") {
    const Folder folder;
    REQUIRE(write_whole_file(folder.file("a.json"), "first"));
    fs::create_symlink("a.json", folder.file("link.json"));
    REQUIRE(write_whole_file(folder.file("link.json"), "second"));
    CHECK(fs::is_symlink(folder.file("link.json")));
    CHECK(content(folder.file("a.json")) == "second");
}

TEST_CASE("a folder, a device and a pipe are never renamed over") {
    const Folder folder;
    const std::string pipe = folder.file("pipe");
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    for (const std::string& path :
         {pipe, std::string("/dev/null"), std::string("/dev/full"), std::string("/tmp")}) {
        const Outcome outcome = write_whole_file(path, "text");
        REQUIRE_FALSE(outcome);
        CHECK(outcome.error().kind == ErrorKind::kCannotWrite);
        CHECK(message(outcome.error()).starts_with(path + ": is "));
    }
    CHECK(fs::is_character_file("/dev/null"));
}

TEST_CASE("a folder that is not there or takes no files is named with the reason") {
    CHECK(message(write_whole_file("/no/such/folder/a.json", "x").error()) ==
          "/no/such/folder/a.json: No such file or directory; use --out PATH");
    CHECK(write_whole_file("/proc/x.json", "x").error().kind == ErrorKind::kCannotWrite);
}

TEST_CASE("when the disk is full the old file stays whole and no part of the new one remains") {
    const Folder folder;
    const std::string path = folder.file("a.json");
    REQUIRE(write_whole_file(path, "the older report"));
    // A limit on file size stands for the full disk: a short write, then EFBIG.
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{1000, before.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
    const Outcome outcome = write_whole_file(path, std::string(4096, 'x'));
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
    std::signal(SIGXFSZ, old_handler);
    REQUIRE_FALSE(outcome);
    CHECK(message(outcome.error()) == path + ": File too large; free space or use --out");
    CHECK(content(path) == "the older report");
    CHECK(folder.entries() == 1);
}

} // namespace kvduel::report
