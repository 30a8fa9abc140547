"""Answers each request after 10 ms, one at a time on each connection: 4 connections get 400 answers a second at the most."""

import json
import os
import socketserver
import threading


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        while self.rfile.readline():
            while self.rfile.readline() not in (b"\r\n", b""):
                pass
            threading.Event().wait(0.01)  # the work of this server
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128


with Server(("127.0.0.1", 0), Handler) as server:
    print(
        json.dumps({"event": "listening", "host": "127.0.0.1", "port": server.server_address[1], "pid": os.getpid()}),
        flush=True,
    )
    server.serve_forever()
