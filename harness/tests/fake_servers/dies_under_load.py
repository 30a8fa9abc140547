"""Accepts, answers a few hundred requests, then ends by SIGSEGV."""

import os
import signal
import socketserver
import threading

from serving import serve

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


serve(Handler)
