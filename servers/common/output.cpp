#include "servers/common/output.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace kvduel::servers {

void Output::write_response(const kv::Response& response, const http::DateText& date) {
    const std::string_view body = response.body();
    const bool is_copied = body.size() <= kCopiedBodyBytes;
    if (!is_copied) values_.reserve(values_.size() + 1); // after this nothing but the buffer can fail
    const auto room = text_.prepare(http::kMaxResponseHeadBytes + (is_copied ? body.size() : 0));
    std::size_t size =
        http::write_response_head(room.first<http::kMaxResponseHeadBytes>(), response.head, date);
    if (is_copied) {
        std::copy(body.begin(), body.end(), room.begin() + static_cast<std::ptrdiff_t>(size));
        size += body.size();
    }
    text_.commit(size);
    unsent_ += size;
    if (is_copied) return;
    std::size_t earlier = 0;
    for (const LargeValue& value : values_) earlier += value.text_before;
    values_.push_back({text_.size() - earlier, response.value, 0});
    unsent_ += body.size();
}

void Output::append(std::string_view bytes) {
    text_.append(bytes);
    unsent_ += bytes.size();
}

std::size_t Output::gather(std::span<iovec> pieces) const noexcept {
    std::size_t used = 0;
    const auto add = [&](std::string_view bytes) {
        if (!bytes.empty() && used < pieces.size()) {
            pieces[used++] = {const_cast<char*>(bytes.data()),
                              bytes.size()}; // sendmsg does not write through it
        }
    };
    std::string_view text = text_.view();
    for (const LargeValue& large : values_) {
        add(text.substr(0, large.text_before));
        text.remove_prefix(large.text_before);
        add(large.value.bytes().substr(large.sent));
        if (used == pieces.size()) return used;
    }
    add(text);
    return used;
}

void Output::consume(std::size_t count) noexcept {
    unsent_ -= count;
    while (!values_.empty() && count > 0) {
        LargeValue& large = values_.front();
        const std::size_t text = std::min(count, large.text_before);
        text_.consume(text);
        large.text_before -= text;
        count -= text;
        const std::size_t body = std::min(count, large.value.bytes().size() - large.sent);
        large.sent += body;
        count -= body;
        if (large.text_before > 0 || large.sent < large.value.bytes().size()) return;
        values_.erase(values_.begin());
    }
    text_.consume(count);
    if (unsent_ == 0 && text_.capacity() > kKeptBytes) text_.release();
}

SendStatus send_output(int fd, Output& output, std::uint64_t& sent) noexcept {
    constexpr int kFlags = MSG_DONTWAIT | MSG_NOSIGNAL;
    while (output.unsent() > 0) {
        std::array<iovec, Output::kMaxPieces> pieces;
        const std::size_t count = output.gather(pieces);
        ssize_t result = 0;
        if (count == 1) {
            result = ::send(fd, pieces[0].iov_base, pieces[0].iov_len, kFlags);
        } else {
            msghdr message{};
            message.msg_iov = pieces.data();
            message.msg_iovlen = count;
            result = ::sendmsg(fd, &message, kFlags);
        }
        if (result >= 0) {
            output.consume(static_cast<std::size_t>(result));
            sent += static_cast<std::uint64_t>(result);
        } else if (errno == EAGAIN) {
            return SendStatus::kBlocked;
        } else if (errno != EINTR) {
            return SendStatus::kBroken;
        }
    }
    return SendStatus::kSent;
}

} // namespace kvduel::servers
