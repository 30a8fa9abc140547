"""A wrapper around a server: when the server ends, another one answers behind the same address.

Its server announces its own pid, answers LIFE requests and leaves; the next one inherits the listening socket."""

import json
import os
import socket
import sys

LIFE = 300


def serve(listener):
    answered = 0
    while True:
        peer, _ = listener.accept()
        with peer, peer.makefile("rb") as requests:
            while requests.readline():
                while requests.readline() not in (b"\r\n", b""):
                    pass
                answered += 1
                if answered > LIFE:
                    os._exit(0)
                peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


listener = socket.create_server(("127.0.0.1", 0))
is_announced = False
while True:
    child = os.fork()
    if child == 0:
        if not is_announced:
            host, port = listener.getsockname()
            print(json.dumps({"event": "listening", "host": host, "port": port, "pid": os.getpid()}), flush=True)
        serve(listener)
    is_announced = True
    os.waitpid(child, 0)
    print("started anew", file=sys.stderr, flush=True)
