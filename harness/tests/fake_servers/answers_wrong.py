"""Answers each request with 200 and a value that nobody stored."""

import json
import os
import socketserver


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        while line := self.rfile.readline():
            length = 0
            while (field := self.rfile.readline()) not in (b"\r\n", b""):
                name, _, value = field.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            self.rfile.read(length)
            body = b"Key inserted" if line.startswith(b"POST") else b"another value"
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128


with Server(("127.0.0.1", 0), Handler) as server:
    print(
        json.dumps({"event": "listening", "host": "127.0.0.1", "port": server.server_address[1], "pid": os.getpid()}),
        flush=True,
    )
    server.serve_forever()
