"""Accepts, answers a few hundred requests, then ends by SIGSEGV."""

import json
import os
import signal
import socketserver
import threading

LIFE = 400
answered = 0
lock = threading.Lock()


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        global answered
        while self.rfile.readline():
            while self.rfile.readline() not in (b"\r\n", b""):
                pass
            with lock:
                answered += 1
                if answered > LIFE:
                    os.kill(os.getpid(), signal.SIGSEGV)
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
