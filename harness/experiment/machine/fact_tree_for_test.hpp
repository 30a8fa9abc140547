#pragma once

#include "harness/experiment/machine/fact_tree.hpp"

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <string>
#include <utility>

namespace kvduel::experiment {

/// For tests: a folder with the files of a machine that does not exist. It goes with the object.
class FakeMachine {
public:
    FakeMachine(std::initializer_list<std::pair<std::string, std::string>> files) {
        std::string name = (std::filesystem::temp_directory_path() / "kvduel-facts-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::filesystem::filesystem_error(name, {});
        root_ = name;
        for (const auto& [path, text] : files) write(path, text);
    }
    ~FakeMachine() {
        std::error_code ignored;
        std::filesystem::remove_all(root_, ignored);
    }
    FakeMachine(const FakeMachine&) = delete;
    FakeMachine& operator=(const FakeMachine&) = delete;

    void write(const std::string& path, const std::string& text) const {
        const std::filesystem::path whole(root_ + path);
        std::filesystem::create_directories(whole.parent_path());
        std::ofstream(whole) << text;
    }
    /// A symbolic link, which may lead nowhere; a link of that name is replaced.
    void link(const std::string& path, const std::string& target) const {
        const std::filesystem::path whole(root_ + path);
        std::filesystem::create_directories(whole.parent_path());
        std::filesystem::remove(whole);
        std::filesystem::create_symlink(target, whole);
    }
    const std::string& root() const { return root_; }
    FactTree facts() const { return FactTree(root_); }

private:
    std::string root_;
};

} // namespace kvduel::experiment
