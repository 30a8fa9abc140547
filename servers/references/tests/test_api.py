"""The rows of the contract that references are held to: GET, POST, read-back; keep-alive, pipelines, any cut."""

import itertools

import pytest
from blackbox.answers import OCTETS, TEXT
from blackbox.expect import check, request, stays
from blackbox.server import VALUE

ALL_BYTES = bytes(range(256))
FORMAT = b"Invalid format: expected key=value"
_numbers = itertools.count()


@pytest.fixture
def key():
    """A key that no other test uses."""
    return b"key-%d" % next(_numbers)


def post(body):
    return request(b"/", method=b"POST", body=body)


def insert(server, key, value):
    check(server, post(key + b"=" + value), stays(200, b"Key inserted"))


def test_a_present_and_an_absent_key(server, key):
    insert(server, key, b"here")
    check(server, request(b"/" + key), stays(200, b"here"))
    check(server, request(b"/absent-" + key), stays(404, b"Key not found"))


def test_post_inserts_and_replaces(server, key):
    for value in (b"one", b"two", b""):
        insert(server, key, value)
        check(server, request(b"/" + key), stays(200, value))


def test_values_are_octets_and_messages_plain_text(server, key):
    insert(server, key, b"")
    types = {}
    with server.peer() as peer:
        for sent in (request(), request(b"/" + key), request(b"/absent"), request(b"/"), post(b"m=x"), post(b"m")):
            answer = peer.exchange(sent)
            types.setdefault(answer.fields["content-type"], []).append(answer.status)
    assert types == {OCTETS: [200, 200], TEXT: [404, 400, 200, 400]}


@pytest.mark.parametrize("value", [ALL_BYTES, b"=", b"==x=", b"a&b=c", b"\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b"%41+",
                                   b"\0", b"x" * 2049, b"x" * 65_537, ALL_BYTES * 4096])
def test_a_value_is_kept_byte_by_byte(server, key, value):
    insert(server, key, value)
    check(server, request(b"/" + key), stays(200, value))


@pytest.mark.parametrize("body", [b"", b"no equals sign", b"=", b"=value", b"\x01=x", b"a\x7f=x", b"a\r\n=x", b"a\tb=x"])
def test_a_post_body_that_is_not_key_value_is_400_and_stays(server, body):
    check(server, post(body), stays(400, FORMAT))


def test_the_empty_key_is_400_and_stays(server):
    check(server, request(b"/"), stays(400, b"Key cannot be empty"))


@pytest.mark.parametrize(("raw", "escaped"), [(b"a%20b", b"a%2520b"), (b"a+b", b"a+b"), (b" a ", b"%20a%20"),
                                              (b"\xff\xfe", b"%FF%FE"), (b"a/b", b"a%2fb"), (b"..", b".."),
                                              (b"letter", b"%6Cetter"), (b"asked", b"asked?x=1")])
def test_a_key_is_one_segment_decoded_once(server, raw, escaped):
    insert(server, raw, b"v " + raw)
    check(server, request(b"/" + escaped), stays(200, b"v " + raw))


def test_a_second_slash_is_404(server):
    check(server, request(b"/a/b"), stays(404))


def test_one_connection_serves_many_requests(server, key):
    with server.peer() as peer:
        for number in range(50):
            stays(200, b"Key inserted").check(peer.exchange(post(b"%s=%d" % (key, number))))
            stays(200, b"%d" % number).check(peer.exchange(request(b"/" + key)))


def test_close_is_answered_and_done(server):
    with server.peer() as peer:
        answer = peer.exchange(request(b"/k", b"Connection: close"))
        assert (answer.status, answer.body, answer.closes) == (200, VALUE, True)
        assert peer.read_to_end() == b""


def test_an_answer_to_head_has_no_body(server):
    """HEAD is no row that references are held to, but its answer's body would be the head of the next."""
    with server.peer() as peer:
        assert peer.exchange(request(b"/k", method=b"HEAD"), is_head_request=True).status in (200, 405)
        stays(200, VALUE).check(peer.exchange(request(b"/k")))


def test_a_pipelined_get_sees_the_post_before_it(server, key):
    check(server, post(key + b"=v") + request(b"/" + key), stays(200, b"Key inserted"), stays(200, b"v"))


def test_pipelined_answers_come_in_order(server, key):
    bodies = [b"%d" % number * 100 for number in range(16)]
    writes = b"".join(post(b"%s-%d=%s" % (key, number, body)) for number, body in enumerate(bodies))
    reads = b"".join(request(b"/%s-%d" % (key, number)) for number in range(16))
    check(server, writes + reads, *[stays(200, b"Key inserted")] * 16, *[stays(200, body) for body in bodies])


def test_one_byte_per_segment_changes_no_answer(server, key):
    sent = post(key + b"=hello") + request(b"/" + key)
    check(server, sent, stays(200, b"Key inserted"), stays(200, b"hello"),
          segments=[sent[at:at + 1] for at in range(len(sent))])


def test_a_peer_that_leaves_amid_a_body_stores_nothing(server, key):
    with server.peer() as peer:
        peer.send(request(b"/", b"Content-Length: 100", method=b"POST") + key + b"=cut")
        peer.finish()
        peer.read_to_any_end()
    check(server, request(b"/" + key), stays(404, b"Key not found"))
