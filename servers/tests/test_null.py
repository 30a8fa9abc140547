"""kvduel-null, the floor: what any program owes whoever starts it. It keeps no contract beyond that."""

import errno
import os
import socket

import pytest
from blackbox.deadline import SANITIZER, Deadline
from blackbox.server import Server, check_unavailable, command, few_descriptors, run

STREAMS = 3
OWN = 3  # signals, listener, epoll
LOADER = 1  # of these the dynamic loader needs as well, before main() is reached

counts_descriptors = pytest.mark.skipif(
    "undefined" in SANITIZER, reason="UBSan checks pointers by way of a pipe, which takes descriptors")


def read_answer(peer):
    """The floor's answers have no Date, which answers of the contract must have."""
    deadline, data = Deadline("an answer of the floor"), b""
    while not data.endswith(b"0123456789abcdef" * 4):
        assert peer.is_readable(deadline.left()), data
        piece = peer.socket.recv(4096)
        assert piece, data
        data += piece
    assert data.startswith(b"HTTP/1.1 200 OK\r\n")


def test_it_announces_answers_and_ends_with_0():
    server = Server("null", key_stored=False)
    with server.peer() as peer:
        peer.send(b"GET / HTTP/1.1\r\n\r\n")
        read_answer(peer)
    server.stop()


@pytest.mark.parametrize("value", ["", ":", "127.0.0.1", "127.0.0.1:70000"])
def test_a_bad_address_is_a_usage_error(value):
    result = run(command("null", "--listen", value))
    assert (result.returncode, result.stdout) == (64, ""), result.stderr
    assert "--listen" in result.stderr


def test_a_port_in_use_is_69_with_address_and_reason():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = "127.0.0.1:%d" % taken.getsockname()[1]
        check_unavailable("null", address, address, os.strerror(errno.EADDRINUSE))


@counts_descriptors
@pytest.mark.parametrize("missing", range(1, OWN - LOADER + 1))
def test_without_a_descriptor_that_it_needs_it_says_so_and_ends(missing):
    check_unavailable("null", "127.0.0.1:0", os.strerror(errno.EMFILE),
                      before_exec=few_descriptors(STREAMS + OWN - missing))


@counts_descriptors
def test_a_peer_for_whom_there_is_no_descriptor_is_served_once_another_left():
    server = Server("null", key_stored=False, before_exec=few_descriptors(STREAMS + OWN + 1))
    with server.peer() as first, server.peer() as second:
        for peer in (first, second):
            peer.send(b"GET / HTTP/1.1\r\n\r\n")
        read_answer(first)
        assert not second.is_readable()
        first.finish()
        read_answer(second)
    server.stop()
