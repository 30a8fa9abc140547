"""The API's own rules: POST, PUT, DELETE, GET and what a write leaves behind (contract, section 1, rows 1, 21, 30)."""

import pytest
from blackbox.expect import check, chunked, closes, request, stays

ALL_BYTES = bytes(range(256))
FORMAT = b"Invalid format: expected key=value"


def post(body, *fields):
    return request(b"/", *fields, method=b"POST", body=body)


def test_a_present_and_an_absent_key(server, key):
    server.put(key, b"here")
    check(server, request(b"/" + key), stays(200, b"here"))
    check(server, request(b"/absent-" + key), stays(404, b"Key not found"))


def test_post_inserts_and_replaces(server, key):
    check(server, post(key + b"=one"), stays(200, b"Key inserted"))
    check(server, request(b"/" + key), stays(200, b"one"))
    check(server, post(key + b"=two"), stays(200, b"Key inserted"))
    check(server, request(b"/" + key), stays(200, b"two"))


def test_put_creates_then_replaces_and_delete_takes_away(server, key):
    put = request(b"/" + key, method=b"PUT", body=b"one")
    delete = request(b"/" + key, method=b"DELETE")
    check(server, put + put + request(b"/" + key) + delete + request(b"/" + key) + delete + put,
          stays(201, b""), stays(204, b""), stays(200, b"one"), stays(204, b""), stays(404, b"Key not found"),
          stays(404, b"Key not found"), stays(201, b""))


@pytest.mark.parametrize("value", [ALL_BYTES, b"", b"=", b"==x=", b"a&b=c", b"\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n",
                                   b"%41+", b"\0",
                                   ALL_BYTES * 40, b"x" * 1023, b"x" * 1024, b"x" * 1025, b"x" * 65_536, b"x" * 65_537])
def test_a_value_is_kept_byte_by_byte(server, key, value):
    check(server, post(key + b"=" + value), stays(200, b"Key inserted"))
    check(server, request(b"/" + key), stays(200, value))
    check(server, request(b"/" + key, method=b"PUT", body=value[::-1]), stays(204, b""))
    check(server, request(b"/" + key), stays(200, value[::-1]))
    in_chunks = chunked(*[value[at:at + 100] for at in range(0, len(value), 100)])
    check(server, request(b"/" + key, b"Transfer-Encoding: chunked", method=b"PUT") + in_chunks, stays(204, b""))
    check(server, request(b"/" + key), stays(200, value))


@pytest.mark.parametrize("body", [b"", b"no equals sign", b"=", b"=value", b"x" * 9000, b"\x01=x", b"a\x1fb=x",
                                  b"a\x7f=x", b"\0=x",
                                  b"a\r\n=x", b"a\tb=x"])
def test_a_post_body_that_is_not_key_value_is_400_and_stays(server, body):
    check(server, post(body), stays(400, FORMAT))
    in_chunks = request(b"/", b"Transfer-Encoding: chunked", method=b"POST") + (chunked(body) if body else chunked())
    check(server, in_chunks, stays(400, FORMAT))


@pytest.mark.parametrize(("raw", "escaped"), [(b"a%20b", b"a%2520b"), (b"a+b", b"a+b"), (b" a ", b"%20a%20"),
                                              (b"\xff\xfe", b"%FF%FE"),
                                              (b"a&b", b"a&b"), (b"a/b", b"a%2fb"), (b"..", b"..")])
def test_a_post_body_is_not_decoded(server, raw, escaped):
    check(server, post(raw + b"=v " + raw), stays(200, b"Key inserted"))
    check(server, request(b"/" + escaped), stays(200, b"v " + raw))


@pytest.mark.parametrize("kind", [b"application/json", b"application/x-www-form-urlencoded", b"multipart/form-data",
                                  b"\x80"])
def test_the_content_type_of_a_post_is_ignored(server, key, kind):
    check(server, post(key + b"=%41", b"Content-Type: " + kind), stays(200, b"Key inserted"))
    check(server, request(b"/" + key), stays(200, b"%41"))


def test_a_post_key_of_the_limit_is_stored(server):
    check(server, post(b"y" * 8192 + b"=v"), stays(200, b"Key inserted"))
    check(server, request(b"/" + b"y" * 8192), stays(200, b"v"))


def test_small_limits_hold_on_both_sides(start):
    server = start("--max-key-bytes", "4", "--max-value-bytes", "20")
    check(server, post(b"abcd=" + b"v" * 20), stays(200, b"Key inserted"))
    check(server, request(b"/abcd"), stays(200, b"v" * 20))
    check(server, request(b"/abcd", method=b"PUT", body=b"w" * 20), stays(204, b""))
    in_chunks = request(b"/abcd", b"Transfer-Encoding: chunked", method=b"PUT")
    for sent in (post(b"abcde=" + b"v" * 19), post(b"abc=" + b"v" * 21), post(b"a" * 26),
                 request(b"/abcd", method=b"PUT", body=b"v" * 21), in_chunks + b"8\r\nvvvvvvvv\r\nd\r\n"):
        check(server, sent, closes(413))
    check(server, request(b"/abcd"), stays(200, b"w" * 20))


@pytest.fixture(params=["mutex", "sharded", "snapshot"])
def store(request):
    return request.param


def test_every_store_keeps_what_it_is_given(start, store):
    server = start("--store", store)
    for number in range(200):
        with server.peer() as peer:
            assert peer.exchange(post(b"%d=%d" % (number, number * number))).status == 200
    with server.peer() as peer:
        peer.send(b"".join(request(b"/%d" % number) for number in range(200)))
        assert [peer.read_answer().body for _ in range(200)] == [b"%d" % (number * number) for number in range(200)]
    stats = server.stats()["store"]
    assert (stats["kind"], stats["keys"]) == (store, 201)
