#include "servers/tests/faults/plan.hpp"

#include <cstdlib>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace kvduel::faults {

namespace {

Orders* map_plan() noexcept {
    const char* path = std::getenv("KVDUEL_FAULT_PLAN");
    if (path == nullptr) return nullptr;
    const int fd = ::open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0) std::abort();
    void* mapped = ::mmap(nullptr, kSiteCount * sizeof(Orders), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    ::close(fd);
    if (mapped == MAP_FAILED) std::abort();
    return static_cast<Orders*>(mapped);
}

} // namespace

Orders* orders(Site site) noexcept {
    static Orders* const plan = map_plan();
    return plan == nullptr ? nullptr : plan + static_cast<int>(site);
}

bool fires(Orders* site) noexcept {
    if (site == nullptr) return false;
    const std::int64_t call = site->calls.fetch_add(1) + 1;
    if (site->times.load() == 0) return false;
    if (site->skip.load() > 0 && site->skip.fetch_sub(1) > 0) return false;
    const std::int64_t every = site->every.load();
    if (every > 1 && call % every != 0) return false;
    std::int64_t left = site->times.load();
    do {
        if (left == 0) return false;
    } while (left > 0 && !site->times.compare_exchange_weak(left, left - 1));
    site->fired.fetch_add(1);
    return true;
}

void* next_definition(const char* name) noexcept {
    void* found = ::dlsym(RTLD_NEXT, name);
    if (found == nullptr) std::abort();
    return found;
}

} // namespace kvduel::faults
