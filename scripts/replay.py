#!/usr/bin/env python3
"""Sends a fixed script of requests over one connection, one at a time, and checks that every answer is one.

    scripts/replay.py PORT COUNT PID

Nothing in it depends on time or chance: what a server does for it can be counted and compared (scripts/count_work.py). A request
leaves only when every thread of the server, process PID, sleeps: else it would be found at once or after a wait in epoll, as the
moment has it, and a system call more or less would be counted.
"""

import os
import socket
import time

from command_parser import Parser

KEYS = 64
VALUE = "v" * 64
PATIENCE_S = 60


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


def state_of(pid, task):
    """R, S, ...: field 3 of proc(5)'s stat, behind the name, which may hold anything."""
    with open(f"/proc/{pid}/task/{task}/stat", encoding="utf-8", errors="replace") as file:
        return file.read().rpartition(")")[2].split()[0]


def await_sleep(pid):
    """Until all threads sleep, twice in a row: one may wake another just as it was looked at."""
    deadline = time.monotonic() + PATIENCE_S
    quiet = 0
    while quiet < 2:
        is_quiet = all(state_of(pid, task) == "S" for task in os.listdir(f"/proc/{pid}/task"))
        quiet = quiet + 1 if is_quiet else 0
        if time.monotonic() > deadline:
            raise SystemExit(f"replay: process {pid} did not come to rest within {PATIENCE_S} s")


def main(port, count, pid):
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection, connection.makefile("rb") as stream:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for index in range(count):
            await_sleep(pid)
            connection.sendall(request(index))
            read_answer(stream)


if __name__ == "__main__":
    parser = Parser(description=__doc__.splitlines()[0])
    for word in ("port", "count", "pid"):
        parser.add_argument(word, type=int)
    main(**vars(parser.parse_args()))
