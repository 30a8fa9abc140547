"""Answers each request with bodies in chunks of one byte: dear to read, cheap to send, as it is one buffer made before."""

import socketserver

from serving import serve

CRUMBS = 30_000
ANSWER = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * CRUMBS + b"0\r\n\r\n"


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        waiting = b""
        while received := self.request.recv(65536):
            waiting += received
            while b"\r\n\r\n" in waiting:
                waiting = waiting.partition(b"\r\n\r\n")[2]
                self.request.sendall(ANSWER)


serve(Handler)
