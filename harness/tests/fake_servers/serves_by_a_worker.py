"""A master that announces itself and sleeps, and a worker of its own that answers, as prefork servers do, with 1 ms of CPU each.

With an argument the worker starts a further process after so many requests, which stays."""

import contextlib
import os
import signal
import socketserver
import sys
import time

from serving import Server, announce

LIFE = int(sys.argv[1]) if len(sys.argv) > 1 else None


class Handler(socketserver.StreamRequestHandler):
    answered = 0

    def handle(self):
        while self.rfile.readline():
            while self.rfile.readline() not in (b"\r\n", b""):
                pass
            Handler.answered += 1
            if Handler.answered == LIFE and os.fork() == 0:
                signal.pause()
            end = time.thread_time() + 0.001
            while time.thread_time() < end:
                pass
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


with Server(("127.0.0.1", 0), Handler) as server:
    worker = os.fork()
    if worker == 0:
        server.serve_forever()

    def end(*_):
        with contextlib.suppress(ProcessLookupError):
            os.kill(worker, signal.SIGTERM)
        sys.exit(0)

    signal.signal(signal.SIGTERM, end)
    announce(server)
    os.waitpid(worker, 0)
