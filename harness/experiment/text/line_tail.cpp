#include "harness/experiment/text/line_tail.hpp"

namespace kvduel::experiment {

void LineTail::append(std::string_view bytes) {
    for (const char byte : bytes) {
        if (byte == '\n') {
            end_line();
        } else if (open_line_.size() < kLineBytes) {
            const auto code = static_cast<unsigned char>(byte);
            const bool is_control = (code < 0x20 && byte != '\t') || code == 0x7f;
            if (byte != '\r') open_line_.push_back(is_control ? '?' : byte);
        }
    }
}

std::vector<std::string> LineTail::lines() const {
    std::vector<std::string> all(lines_.begin(), lines_.end());
    if (!open_line_.empty()) all.push_back(open_line_);
    if (all.size() > kLines) all.erase(all.begin());
    return all;
}

void LineTail::end_line() {
    lines_.push_back(std::move(open_line_));
    open_line_.clear();
    if (lines_.size() > kLines) lines_.pop_front();
}

} // namespace kvduel::experiment
