#include "harness/report/json/whole_file.hpp"

#include "core/support/unique_fd.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace kvduel::report {
namespace {

constexpr int kNameTries = 16; // names of temporary files that a crash may have left behind

Error cannot_write(const std::string& path, std::string what, int error = 0) {
    const bool is_full = error == ENOSPC || error == EDQUOT || error == EFBIG;
    return {ErrorKind::kCannotWrite, path, std::move(what),
            is_full ? "free space or use --out" : "use --out PATH"};
}

/// Removes the temporary file unless it was renamed.
struct Temporary {
    std::string path;
    UniqueFd fd;
    bool is_renamed = false;

    Temporary() = default;
    Temporary(const Temporary&) = delete;
    Temporary& operator=(const Temporary&) = delete;
    ~Temporary() {
        if (!path.empty() && !is_renamed) ::unlink(path.c_str());
    }
};

/// 0, or the errno of the failure.
int create_beside(const std::string& path, Temporary& temporary) {
    for (int i = 0; i < kNameTries; ++i) {
        const std::string name = fmt::format("{}.{}.{}.tmp", path, ::getpid(), i);
        temporary.fd.reset(::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644));
        if (temporary.fd) {
            temporary.path = name;
            return 0;
        }
        if (errno != EEXIST) return errno;
    }
    return EEXIST;
}

int write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(fd, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return errno;
        if (written == 0) return ENOSPC;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return 0;
}

int sync_folder(const std::string& path) {
    std::string folder = std::filesystem::path(path).parent_path().string();
    if (folder.empty()) folder = ".";
    const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd) return errno;
    return ::fsync(fd.get()) == 0 ? 0 : errno;
}

/// The errno of the first step that failed, or 0. A failed fsync or close is never repeated on the same file:
/// its pages may be gone.
int replace(const std::string& path, std::string_view text) {
    Temporary temporary;
    if (const int error = create_beside(path, temporary)) return error;
    if (const int error = write_all(temporary.fd.get(), text)) return error;
    if (::fsync(temporary.fd.get()) != 0) return errno;
    if (::close(temporary.fd.release()) != 0) return errno;
    if (::rename(temporary.path.c_str(), path.c_str()) != 0) return errno;
    temporary.is_renamed = true;
    return sync_folder(path);
}

} // namespace

Outcome write_whole_file(const std::string& path, std::string_view text) {
    std::string real = path;
    std::error_code unresolved;
    const auto resolved = std::filesystem::weakly_canonical(path, unresolved);
    if (!unresolved) real = resolved.string();
    struct stat status {};
    if (::stat(real.c_str(), &status) == 0) {
        if (S_ISDIR(status.st_mode)) return cannot_write(path, "is a folder, not a file");
        if (!S_ISREG(status.st_mode))
            return cannot_write(path, "is not a regular file; it is never replaced");
    }
    if (const int error = replace(real, text))
        return cannot_write(path, std::generic_category().message(error), error);
    return ok();
}

} // namespace kvduel::report
