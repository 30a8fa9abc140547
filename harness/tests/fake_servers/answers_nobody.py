"""Takes every connection, reads what comes and never answers."""

import socketserver

from serving import serve


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        while self.rfile.readline():
            pass


serve(Handler)
