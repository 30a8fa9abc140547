#include "harness/experiment/machine/sha256.hpp"

#include "core/support/unique_fd.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <new>
#include <vector>

namespace kvduel::experiment {

namespace {

// The only way that OpenSSL fails on a digest of its own is to run out of memory.
void require(int result) {
    if (result != 1) throw std::bad_alloc();
}

} // namespace

void Sha256::Free::operator()(evp_md_ctx_st* context) const noexcept {
    EVP_MD_CTX_free(context);
}

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
    require(context_ != nullptr);
    require(EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr));
}

void Sha256::update(std::span<const unsigned char> bytes) {
    require(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()));
}

std::string Sha256::hex_digest() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    require(EVP_DigestFinal_ex(context_.get(), digest.data(), &size));
    std::string hex;
    for (const unsigned char byte : std::span(digest).first(size)) {
        hex.push_back("0123456789abcdef"[byte >> 4]);
        hex.push_back("0123456789abcdef"[byte & 0xf]);
    }
    return hex;
}

Result<std::string> sha256_of_file(const std::string& path) {
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return Error{ErrorKind::kUnavailable, path, std::strerror(errno), ""};
    Sha256 digest;
    std::vector<unsigned char> buffer(64 * 1024);
    for (;;) {
        const ssize_t count = ::read(file.get(), buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return Error{ErrorKind::kUnavailable, path, std::strerror(errno), ""};
        if (count == 0) return digest.hex_digest();
        digest.update(std::span(buffer).first(static_cast<std::size_t>(count)));
    }
}

} // namespace kvduel::experiment
