#!/usr/bin/env python3
"""Sends a fixed script of requests over one connection, one at a time, and checks that every answer is one.

    scripts/replay.py PORT COUNT

Nothing in it depends on time or chance: what a server does for it can be counted and compared (scripts/count_work.py).
"""

import socket
import sys

KEYS = 64
VALUE = "v" * 64


def request(index):
    """Every fourth one writes; keys repeat, so that after the first round all of them are there."""
    key = f"key-{index % KEYS:04}"
    if index % 4 == 0 or index < KEYS:
        body = f"{key}={VALUE}"
        return f"POST / HTTP/1.1\r\nHost: replay\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
    return f"GET /{key} HTTP/1.1\r\nHost: replay\r\n\r\n".encode()


def read_answer(stream):
    status = stream.readline()
    length = 0
    while True:
        line = stream.readline()
        if line in (b"\r\n", b""):
            break
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    body = stream.read(length)
    if not status.startswith(b"HTTP/1.1 2") or len(body) != length:
        raise SystemExit(f"replay: not the answer that was expected: {status!r}")


def main(port, count):
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection, connection.makefile("rb") as stream:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for index in range(count):
            connection.sendall(request(index))
            read_answer(stream)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit("replay: PORT COUNT, please")
    main(int(sys.argv[1]), int(sys.argv[2]))
