#include "harness/gate/find_builds.hpp"

#include "harness/experiment/machine/sha256.hpp"
#include "harness/experiment/server/executable.hpp"
#include "harness/gate/build_claim.hpp"

#include <sys/stat.h>

#include <algorithm>

namespace kvduel::gate {

namespace {

bool is_there(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0;
}

Result<Link> make_link(const std::string& path) {
    const Result<std::string> executable = experiment::find_executable(path, "", "");
    if (!executable) return executable.error();
    Result<std::string> digest = experiment::sha256_of_file(path);
    if (!digest) return Error{ErrorKind::kUnavailable, path, message(digest.error()), ""};
    return Link{path, *std::move(digest)};
}

std::vector<std::string> paths_of(const std::string& folder, const std::string& program) {
    std::vector<std::string> paths;
    for (std::size_t i = 1; i <= kMostLinks; ++i) {
        const std::string path = folder + "/links/" + std::to_string(i) + "/" + program;
        if (!is_there(path)) break;
        paths.push_back(path);
    }
    if (!paths.empty()) return paths;
    for (const char* place : {"/", "/bin/"})
        if (is_there(folder + place + program)) return {folder + place + program};
    return {};
}

/// The program's name alone: a suite may name its server by a path of its own.
std::string program_of(const experiment::Contender& server) {
    const std::string& command = server.command.front();
    return command.substr(command.rfind('/') + 1);
}

Result<ServerBuild> find_build(const experiment::Contender& server, const SideRequest& side,
                               std::string_view name) {
    const std::string flag = "--" + std::string(name) + "-build " + side.folder;
    if (server.target || server.command.empty())
        return Error{ErrorKind::kUsage, "contender \"" + server.id + "\"",
                     "is not started by kvduel: a build has it", ""};
    Result<std::vector<Link>> links = find_links(side.folder, program_of(server));
    if (!links) {
        links.error().where = flag;
        return links.error();
    }
    ServerBuild build{server.id, name, *std::move(links), {}};
    build.claim = ask_build_claim(build.links.front().executable);
    return build;
}

Error refuse_build(const std::string& what, const std::string& hint) {
    return {ErrorKind::kInvalid, "", what, hint};
}

std::string name_of(const ServerBuild& build) {
    return build.server + " of " + std::string(build.side);
}

Outcome check_claim(const ServerBuild& build, bool allows_dirty) {
    if (!build.claim) return ok();
    if (build.claim->build_type != "Release")
        return refuse_build(name_of(build) + " is a " + build.claim->build_type + " build; allowed: Release",
                            "its times say nothing: cmake --preset release");
    if (build.claim->is_dirty && !allows_dirty)
        return refuse_build(name_of(build) + " was built from a checkout with changes (git " +
                                build.claim->git_sha + ", dirty)",
                            "commit and build again; at a terminal, to try: --allow-dirty");
    return ok();
}

Outcome check_alike(const ServerBuild& base, const ServerBuild& head) {
    if (!base.claim || !head.claim) return ok();
    const auto differ = [&](const char* what, const std::string& of_base, const std::string& of_head) {
        return refuse_build(
            base.server + ": " + what + " differ: \"" + of_base + "\" of base, \"" + of_head + "\" of head",
            "build both with the same compiler and flags; a change of these themselves is not for a gate "
            "to judge");
    };
    if (base.claim->compiler != head.claim->compiler)
        return differ("the compilers", base.claim->compiler, head.claim->compiler);
    if (base.claim->flags != head.claim->flags)
        return differ("the flags", base.claim->flags, head.claim->flags);
    return ok();
}

} // namespace

Result<std::vector<Link>> find_links(const std::string& folder, const std::string& program) {
    const std::vector<std::string> paths = paths_of(folder, program);
    if (paths.empty())
        return Error{ErrorKind::kUnavailable, folder,
                     "has no " + program + ", neither itself nor in bin/ or links/1/",
                     "name a folder that a build wrote, such as build/release"};
    std::vector<Link> links;
    for (const std::string& path : paths) {
        Result<Link> link = make_link(path);
        if (!link) return link.error();
        links.push_back(*std::move(link));
    }
    return links;
}

Result<std::vector<ServerBuild>> find_builds(const GateRequest& request) {
    std::vector<ServerBuild> builds;
    for (const experiment::Contender& server : request.run.contenders)
        for (const auto& [side, name] : {std::pair(&request.base, kBase), std::pair(&request.head, kHead)}) {
            Result<ServerBuild> build = find_build(server, *side, name);
            if (!build) return build.error();
            builds.push_back(*std::move(build));
        }
    return builds;
}

bool is_same_build(const std::vector<ServerBuild>& builds) {
    for (std::size_t i = 0; i + 1 < builds.size(); i += 2)
        if (!std::ranges::equal(builds[i].links, builds[i + 1].links, {}, &Link::sha256, &Link::sha256))
            return false;
    return true;
}

Outcome check_builds(const GateRequest& request, const std::vector<ServerBuild>& builds) {
    const bool is_same = is_same_build(builds) && request.base.arguments == request.head.arguments;
    if (is_same && !request.allows_same)
        return refuse_build("base and head are the same build: all servers have the same sha256",
                            "give two builds; to measure how much a build differs from itself: --aa");
    for (const ServerBuild& build : builds)
        if (Outcome sound = check_claim(build, request.allows_dirty); !sound) return sound;
    for (std::size_t i = 0; i + 1 < builds.size(); i += 2) {
        if (Outcome alike = check_alike(builds[i], builds[i + 1]); !alike) return alike;
        if (builds[i].links.size() != builds[i + 1].links.size())
            return refuse_build(builds[i].server + ": base has " + std::to_string(builds[i].links.size()) +
                                    " links, head " + std::to_string(builds[i + 1].links.size()),
                                "link both equally often");
    }
    return ok();
}

} // namespace kvduel::gate
