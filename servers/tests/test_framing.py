"""Where a body ends: Content-Length, Transfer-Encoding, none (contract, rows 41 to 54). The read-back proves it."""

import pytest
from blackbox.expect import check, chunked, closes, request, stays
from blackbox.server import VALUE

SMUGGLED = request(b"/smuggled", method=b"PUT", body=b"x")
CHUNKED = b"Transfer-Encoding: chunked"
LIMIT = 1 << 20


def refused_write(server, fields, status, body=b"5\r\nhello\r\n0\r\n\r\n", version=b"HTTP/1.1"):
    """A write to k with these framing fields is refused; k stands and nothing behind it was run."""
    for method in (b"PUT", b"POST", b"GET"):
        target = b"/" if method == b"POST" else b"/k"
        check(server, request(target, *fields, method=method, version=version) + body + SMUGGLED, closes(status))
    assert server.get(b"smuggled") is None


@pytest.mark.parametrize("fields", [[b"Content-Length: 15", CHUNKED], [CHUNKED, b"Content-Length: 15"],
                                    [CHUNKED, b"Content-Length: 0"], [b"Content-Length: 0", CHUNKED],
                                    [b"Content-Length: 5", b"Transfer-Encoding: gzip, chunked"],
                                    [b"Content-Length: 5", b"Transfer-Encoding: identity"]])
def test_length_and_transfer_encoding_together_are_400(server, fields):
    refused_write(server, fields, 400)


def test_a_request_behind_an_ambiguous_body_is_never_run(server):
    for fields in ([b"Content-Length: 5", CHUNKED], [CHUNKED, b"Content-Length: 5"]):
        check(server, request(b"/k", *fields, method=b"PUT") + b"0\r\n\r\n" + request(), closes(400))


@pytest.mark.parametrize("fields", [
    [b"Content-Length: 5", b"Content-Length: 6"], [b"Content-Length: 5", b"Content-Length: 5"],
    [b"Content-Length: 5, 6"], [b"Content-Length: 5, 5"], [b"Content-Length: 5,"], [b"Content-Length: 5 5"],
    [b"Content-Length: +5"], [b"Content-Length: -5"], [b"Content-Length: 0x5"], [b"Content-Length: abc"],
    [b"Content-Length: "], [b"Content-Length: 5.0"], [b"Content-Length: 5a"], [b"Content-Length: \xb2"],
    [b"Content-Length: 18446744073709551616"], [b"Content-Length: 18446744073709551621"],
    [b"Content-Length: " + b"1" * 40], [b"Content-Length: 99999999999999999999"],
])
def test_a_length_that_is_not_one_number_of_64_bits_is_400(server, fields):
    refused_write(server, fields, 400)


@pytest.mark.parametrize("length", [b"5", b"05", b" 5\t", b"0000000005"])
def test_a_length_of_digits_is_served(server, key, length):
    check(server, request(b"/" + key, b"Content-Length:" + length, method=b"PUT") + b"hello", stays(201, b""))
    check(server, request(b"/" + key), stays(200, b"hello"))


@pytest.mark.parametrize("length", [LIMIT + 1, 1 << 32, (1 << 63) - 1, 1 << 63, (1 << 64) - 1])
def test_an_announced_length_over_the_limit_is_413_unread(server, length):
    for method in (b"PUT", b"GET", b"DELETE", b"OPTIONS"):
        check(server, request(b"/k", b"Content-Length: %d" % length, method=method), closes(413))
    check(server, request(b"/k", b"Content-Length: %d" % length, method=b"HEAD"), closes(413, is_to_head=True))


def test_an_announced_post_body_is_limited_by_key_and_value(server):
    limit = 8192 + 1 + LIMIT
    check(server, request(b"/", b"Content-Length: %d" % (limit + 1), method=b"POST"), closes(413))
    key, value = b"p" * 8192, b"v" * LIMIT
    check(server, request(b"/", method=b"POST", body=key + b"=" + value), stays(200, b"Key inserted"))
    assert server.get(key) == value
    check(server, request(b"/" + key, method=b"DELETE"), stays(204, b""))


def test_a_value_of_the_limit_is_stored(server, key):
    value = bytes(range(256)) * (LIMIT // 256)
    check(server, request(b"/" + key, method=b"PUT", body=value), stays(201, b""))
    assert server.get(key) == value
    check(server, request(b"/" + key, method=b"DELETE"), stays(204, b""))


def test_a_post_value_over_the_limit_is_413_and_a_post_key_too(server, key):
    check(server, request(b"/", method=b"POST", body=key + b"=" + b"v" * (LIMIT + 1)), closes(413))
    assert server.get(key) is None
    check(server, request(b"/", method=b"POST", body=b"x" * 8193 + b"=v"), closes(413))


@pytest.mark.parametrize("sent", [b"", b"h", b"hell"])
@pytest.mark.parametrize("method", [b"PUT", b"POST"])
def test_a_body_cut_by_fin_is_not_stored_and_not_answered(server, key, method, sent):
    target, body = (b"/", key + b"=hello") if method == b"POST" else (b"/" + key, b"hello")
    with server.peer() as peer:
        peer.send(request(target, b"Content-Length: %d" % len(body), method=method) + body[:len(body) - 5] + sent)
        peer.finish()
        assert peer.read_to_end() == b""
    assert server.get(key) is None
    server.check_clean()


@pytest.mark.parametrize(("method", "status"), [(b"GET", 200), (b"HEAD", 200), (b"OPTIONS", 204)])
@pytest.mark.parametrize("body", [b"", b"x", SMUGGLED, b"\r\n\r\n" * 50])
def test_a_body_where_none_is_meant_is_read_and_dropped(server, method, status, body):
    first = stays(status, is_to_head=method == b"HEAD",
                  allow="GET, HEAD, PUT, DELETE, OPTIONS" if status == 204 else None)
    check(server, request(b"/k", method=method, body=body) + request(), first, stays(200, VALUE))
    in_chunks = request(b"/k", CHUNKED, method=method) + (chunked(body) if body else chunked())
    check(server, in_chunks + request(), first, stays(200, VALUE))
    assert server.get(b"smuggled") is None


def test_a_body_of_delete_is_read_and_dropped(server, key):
    for body in (SMUGGLED, b"", b"x" * 100_000):
        server.put(key, b"x")
        check(server, request(b"/" + key, method=b"DELETE", body=body) + request(), stays(204, b""), stays(200, VALUE))
    assert server.get(b"smuggled") is None


@pytest.mark.parametrize("coding", [b"gzip", b"identity", b"xchunked", b"chunkedx", b"chunke", b"deflate",
                                    b"gzip, deflate",
                                    b"gzip, chunked", b"identity, chunked", b"gzip,chunked"])
def test_an_unknown_coding_alone_or_before_chunked_is_501(server, coding):
    refused_write(server, [b"Transfer-Encoding: " + coding], 501)


@pytest.mark.parametrize("fields", [
    [b"Transfer-Encoding: chunked, gzip"], [b"Transfer-Encoding: chunked, chunked"],
    [b"Transfer-Encoding: chunked, identity"],
    [CHUNKED, CHUNKED], [CHUNKED, b"Transfer-Encoding: gzip"], [b"Transfer-Encoding: gzip", CHUNKED],
    [b"Transfer-Encoding:"], [b"Transfer-Encoding: ,"], [b"Transfer-Encoding: chunked;q=1"],
    [b"Transfer-Encoding: chunked; a=b"], [b"Transfer-Encoding: chunked chunked"], [b'Transfer-Encoding: "chunked"'],
    [b"Transfer-Encoding: chunked\x0b"], [b"Transfer-Encoding: gzip chunked"],
])
def test_chunked_repeated_not_last_or_ill_formed_is_400(server, fields):
    refused_write(server, fields, 400)


@pytest.mark.parametrize("field", [CHUNKED, b"Transfer-Encoding: gzip", b"Transfer-Encoding: identity"])
def test_transfer_encoding_in_http_1_0_is_400(server, field):
    refused_write(server, [field], 400, version=b"HTTP/1.0")


@pytest.mark.parametrize("field", [b"Transfer-Encoding: Chunked", b"transfer-encoding: CHUNKED",
                                   b"Transfer-Encoding:\tchunked "])
def test_chunked_has_no_case(server, key, field):
    check(server, request(b"/" + key, field, method=b"PUT") + chunked(b"hello"), stays(201, b""))
    assert server.get(key) == b"hello"


def test_without_length_and_encoding_a_body_is_empty(server, key):
    check(server, request(b"/", method=b"POST"), stays(400, b"Invalid format: expected key=value"))
    check(server, request(b"/" + key, method=b"PUT"), stays(201, b""))
    assert server.get(key) == b""


def test_host_is_judged_before_framing_and_framing_before_the_target(server):
    ambiguous = [b"Content-Length: 5", CHUNKED]
    check(server, request(b"/k", b"Transfer-Encoding: gzip", host=None), closes(400))
    check(server, request(b"https://h/k", *ambiguous), closes(400))
    check(server, request(b"*", b"Transfer-Encoding: gzip"), closes(501))
    check(server, request(b"/a/b", *ambiguous, method=b"FOO"), closes(400))
