#pragma once

#include "core/support/error.hpp"

#include <memory>
#include <span>
#include <string>

struct evp_md_ctx_st; // OpenSSL's EVP_MD_CTX

namespace kvduel::experiment {

/// SHA-256 (FIPS 180-4) of bytes that come in pieces, by OpenSSL. Names a binary in the report; nothing
/// secret depends on it. Throws std::bad_alloc when OpenSSL has no memory.
class Sha256 {
public:
    Sha256();
    void update(std::span<const unsigned char> bytes);

    /// Ends the message: 64 hex digits. Call once.
    std::string hex_digest();

private:
    struct Free {
        void operator()(evp_md_ctx_st* context) const noexcept;
    };
    std::unique_ptr<evp_md_ctx_st, Free> context_;
};

/// The digest of a file's bytes; kUnavailable if it cannot be read.
Result<std::string> sha256_of_file(const std::string& path);

} // namespace kvduel::experiment
