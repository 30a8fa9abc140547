#include "core/http/request_writer.hpp"

namespace kvduel::http {

std::string write_request_head(const RequestHead& head) {
    std::string text;
    text.append(head.method).append(" ").append(head.target).append(" HTTP/1.1\r\nHost: ").append(head.host);
    text.append("\r\n");
    if (head.content_length) text += "Content-Length: " + std::to_string(*head.content_length) + "\r\n";
    if (head.closes) text += "Connection: close\r\n";
    return text += "\r\n";
}

} // namespace kvduel::http
