"""The tests' own tools: a parser that lets nothing pass, a look into the kernel that sees what it must."""

import socket

import pytest
from blackbox.answers import Malformed, parse_answer, parse_run
from blackbox.kernel import unread_bytes
from blackbox.peer import Peer

DATE = b"Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
TEXT = b"Content-Type: text/plain; charset=utf-8\r\n"
OCTETS = b"Content-Type: application/octet-stream\r\nX-Content-Type-Options: nosniff\r\n"
VALUE = b"HTTP/1.1 200 OK\r\n" + DATE + OCTETS + b"Content-Length: 2\r\n\r\nab"
MISSING = b"HTTP/1.1 404 Not Found\r\n" + DATE + TEXT + b"Content-Length: 13\r\n\r\nKey not found"
EMPTY = b"HTTP/1.1 204 No Content\r\n" + DATE + b"\r\n"
INTERIM = b"HTTP/1.1 100 Continue\r\n\r\n"


def test_a_run_of_good_answers_is_read_to_its_last_byte():
    answers = parse_run(VALUE + MISSING + EMPTY + INTERIM + VALUE)
    assert [answer.status for answer in answers] == [200, 404, 204, 100, 200]
    assert answers[0].body == b"ab"


def test_an_answer_to_head_is_known_by_what_follows_it():
    head = VALUE[:-2]
    assert [answer.body for answer in parse_run(head + VALUE + head, may_hold_head_answers=True)] == [b"", b"ab", b""]
    with pytest.raises(Malformed):
        parse_run(head + VALUE + head)


@pytest.mark.parametrize("size", range(len(VALUE)))
def test_a_cut_answer_is_incomplete_and_never_whole(size):
    assert parse_answer(VALUE[:size]) is None


@pytest.mark.parametrize("bad", [
    VALUE.replace(b"HTTP/1.1 200", b"HTTP/1.0 200"), VALUE.replace(b"200 OK", b"200 Ok"),
    VALUE.replace(b"200 OK", b"200"),
    VALUE.replace(b"200 OK", b"299 Odd"), VALUE.replace(b"200 OK\r\n", b"200 OK\n"), VALUE.replace(DATE, b""),
    VALUE.replace(b"Sun, 06 Nov 1994", b"Sun, 6 Nov 1994"), VALUE.replace(b"GMT", b"UTC"),
    VALUE.replace(b"Content-Length: 2", b"Content-Length: 02"),
    VALUE.replace(b"Content-Length: 2", b"Content-Length: 2 "),
    VALUE.replace(b"Content-Length: 2", b"Content-Length:2"), VALUE.replace(b"Content-Length: 2\r\n", b""),
    VALUE.replace(DATE, DATE + b"Server: x\r\n"), VALUE.replace(DATE, DATE + DATE),
    VALUE.replace(DATE, DATE + b"Retry-After: 1\r\n"),
    VALUE.replace(DATE, DATE + b"Connection: upgrade\r\n"), VALUE.replace(DATE, DATE + b"Allow: GET\r\n"),
    VALUE.replace(b"X-Content-Type-Options: nosniff\r\n", b""), VALUE + b"x", VALUE + b"\r\n", b"\r\n" + VALUE,
    MISSING.replace(b"Key not found", b"Key lost here"), MISSING.replace(TEXT, b""),
    MISSING.replace(b"404 Not Found", b"405 Method Not Allowed"),
    MISSING.replace(b"404 Not Found", b"503 Service Unavailable"),
    EMPTY.replace(DATE, DATE + b"Content-Length: 0\r\n"), EMPTY + b"x",
    INTERIM.replace(b"\r\n\r\n", b"\r\n" + DATE + b"\r\n"), b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
    b"HTTP/1.1 200 OK\r\n" + b"Date: " + b"x" * 600,
])
def test_an_answer_with_a_fault_is_malformed(bad):
    with pytest.raises(Malformed):
        parse_run(bad)


def test_unread_bytes_of_a_connection_are_seen_until_they_are_read():
    with socket.create_server(("127.0.0.1", 0)) as listener, Peer(listener.getsockname()) as peer:
        peer.send(b"abc")
        local = peer.socket.getsockname()
        assert unread_bytes(listener.getsockname(), local) == 3, "no sock_diag: segments would not be kept apart"
        accepted, _ = listener.accept()
        with accepted:
            accepted.recv(2)
            assert unread_bytes(listener.getsockname(), local) == 1
            accepted.recv(2)
            peer.wait_until_read()
            assert unread_bytes(listener.getsockname(), local) == 0
