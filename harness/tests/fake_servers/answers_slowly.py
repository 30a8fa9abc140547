"""Answers each request after 10 ms, one at a time on each connection: 4 connections get 400 answers a second at the most."""

import socketserver
import threading

from serving import serve


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        while self.rfile.readline():
            while self.rfile.readline() not in (b"\r\n", b""):
                pass
            threading.Event().wait(0.01)  # the work of this server
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


serve(Handler)
