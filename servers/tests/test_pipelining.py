"""Several requests on one connection, and one request in many segments (contract, rows 70 to 73)."""

import itertools

import pytest
from blackbox.expect import check, chunked, closes, request, stays
from blackbox.server import VALUE


@pytest.mark.parametrize("count", [16, 17, 1000])
def test_pipelined_gets_are_answered_in_order(server, key, count):
    with server.peer() as peer:
        targets = [b"/%s-%d" % (key, number) for number in range(count)]
        peer.send(b"".join(request(target, method=b"PUT", body=target) for target in targets))
        assert [peer.read_answer().status for _ in range(count)] == [201] * count
        peer.send(b"".join(map(request, targets)))
        assert [peer.read_answer().body for _ in range(count)] == targets
        peer.send(b"".join(request(target, method=b"DELETE") for target in targets))
        assert [peer.read_answer().status for _ in range(count)] == [204] * count
    server.check_clean()


def test_a_write_is_visible_to_the_next_request_of_its_connection(server, key):
    steps = b""
    for number in range(50):
        steps += request(b"/", method=b"POST", body=b"%s=%d" % (key, number)) + request(b"/" + key)
    with server.peer() as peer:
        peer.send(steps)
        for number in range(50):
            assert peer.read_answer().body == b"Key inserted"
            assert peer.read_answer().body == b"%d" % number


def test_nothing_behind_a_refused_request_is_run(server, key):
    write = request(b"/" + key, method=b"PUT", body=b"x")
    check(server, request() + b"bad\r\n\r\n" + write, stays(200, VALUE), closes(400))
    check(server, request() + request(host=None) + write, stays(200, VALUE), closes(400))
    check(server, request(b"/k", b"Connection: close") + write, closes(200, VALUE))
    assert server.get(key) is None


def test_what_is_refused_without_harm_leaves_the_connection_open(server, key):
    harmless = [
        (request(b"/no-such-key"), stays(404, b"Key not found")),
        (request(b"/a/b", method=b"PUT", body=b"xy"), stays(404)),
        (request(b"/k", method=b"POST", body=b"a=b"), stays(405, allow="GET, HEAD, PUT, DELETE, OPTIONS")),
        (request(b"/k", method=b"FOO", body=b"abc"), stays(501)),
        (request(b"/", body=b"abc"), stays(400, b"Key cannot be empty")),
        (request(b"/", method=b"POST", body=b"abc"), stays(400, b"Invalid format: expected key=value")),
        (request(b"/" + key, method=b"PUT", body=b"abc"), stays(201, b"")),
    ]
    check(server, b"".join(sent for sent, _ in harmless), *[expected for _, expected in harmless])


def test_a_large_pipeline_that_is_read_late_is_answered_whole(server, key):
    value = bytes(range(256)) * 400
    server.put(key, value)
    with server.peer() as peer:
        peer.send(request(b"/" + key) * 60)
        peer.finish()
        answers = [peer.read_answer() for _ in range(60)]
        assert peer.read_to_end() == b""
    assert {answer.body for answer in answers} == {value}


# Requests whose every cut is tried: all states of the head reader, of both decoders, of both linger paths.
CUT = {
    "get": (request(), [stays(200, VALUE)]),
    "leading-crlf": (b"\r\n" + request(b"/%6b?x"), [stays(200, VALUE)]),
    "post": (request(b"/", method=b"POST", body=b"cut=hello"), [stays(200, b"Key inserted")]),
    "chunked": (request(b"/cut", b"Transfer-Encoding: chunked", method=b"PUT")
                + chunked(b"hello", last=b'0;a="b"\r\nX: y\r\n\r\n'), [stays(204, b"")]),
    "two": (request(b"/no-such-key", method=b"HEAD") + request(b"/", method=b"POST", body=b"cut=x"),
            [stays(404, is_to_head=True), stays(200, b"Key inserted")]),
    "bad-field": (b"GET /k HTTP/1.1\r\nX : y\r\nHost: h\r\n\r\n", [closes(400)]),
    "bad-chunk": (request(b"/cut", b"Transfer-Encoding: chunked", method=b"PUT") + b"5\r\nhelloX\r\n0\r\n\r\n",
                  [closes(400)]),
    "bad-version": (b"GET /k HTTP/2.0\r\nHost: h\r\n\r\n", [closes(505)]),
}


@pytest.mark.parametrize("name", list(CUT))
def test_one_byte_per_segment_changes_no_answer(server, name):
    sent, expected = CUT[name]
    server.put(b"cut", b"old")
    check(server, sent, *expected, segments=[sent[at:at + 1] for at in range(len(sent))])


@pytest.mark.parametrize("name", list(CUT))
def test_no_cut_in_two_changes_an_answer(server, name):
    sent, expected = CUT[name]
    server.put(b"cut", b"old")
    for at in range(1, len(sent)):
        check(server, sent, *expected, segments=[sent[:at], sent[at:]])


def test_cuts_in_three_change_no_answer(server):
    sent, expected = CUT["chunked"]
    server.put(b"cut", b"old")
    body = sent.index(b"\r\n\r\n") + 4
    for first, second in itertools.combinations(range(body - 2, len(sent), 3), 2):
        check(server, sent, *expected, segments=[sent[:first], sent[first:second], sent[second:]])


def test_a_continue_is_sent_once_however_the_head_is_cut(server):
    head = request(b"/cut", b"Expect: 100-continue", b"Content-Length: 5", method=b"PUT")
    server.put(b"cut", b"old")
    for at in range(1, len(head), 7):
        with server.peer() as peer:
            peer.send_segments([head[:at], head[at:]])
            assert peer.read_answer().status == 100
            assert peer.exchange(b"hello").status == 204
