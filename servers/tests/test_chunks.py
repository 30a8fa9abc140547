"""Chunked bodies: sizes, extensions, trailers, cuts (contract, section 2 and rows 55 to 62)."""

import pytest
from blackbox.expect import check, chunked, closes, request, stays

LIMIT = 1 << 20
GET_ANOTHER = request(b"/smuggled", method=b"PUT", body=b"x")


def put(key, body):
    return request(b"/" + key, b"Transfer-Encoding: chunked", method=b"PUT") + body


def stored(server, key, body, value):
    check(server, put(key, body), stays(201, b""))
    assert server.get(key) == value
    in_post = request(b"/", b"Transfer-Encoding: chunked", method=b"POST")
    key_chunk = b"%x\r\n%s=\r\n" % (len(key) + 1, key)
    check(server, in_post + key_chunk + body, stays(200, b"Key inserted"))
    assert server.get(key) == value


def refused(server, key, body, status):
    server.put(key, b"old")
    check(server, put(key, body) + GET_ANOTHER, closes(status))
    assert server.get(key) == b"old"
    assert server.get(b"smuggled") is None


@pytest.mark.parametrize(("body", "value"), [
    (b"5\r\nhello\r\n0\r\n\r\n", b"hello"),
    (b"a\r\n0123456789\r\n0\r\n\r\n", b"0123456789"),
    (b"A\r\n0123456789\r\n0\r\n\r\n", b"0123456789"),
    (b"1\r\nh\r\n1\r\ne\r\n3\r\nllo\r\n0\r\n\r\n", b"hello"),
    (b"5\r\nhello\r\n000\r\n\r\n", b"hello"),
    (b"0005\r\nhello\r\n0\r\n\r\n", b"hello"),
    (b"0000000000000005\r\nhello\r\n0000000000000000\r\n\r\n", b"hello"),
    (b"0\r\n\r\n", b""),
    (b"4\r\n\r\n\r\n\r\n0\r\n\r\n", b"\r\n\r\n"),
    (b"5\r\n0\r\n\r\n\r\n0\r\n\r\n", b"0\r\n\r\n"),
    (chunked(bytes(range(256)), bytes(range(255, -1, -1))), bytes(range(256)) + bytes(range(255, -1, -1))),
    (chunked(*[b"%d" % (number % 10) for number in range(1000)]), b"0123456789" * 100),
])
def test_chunks_are_joined_byte_by_byte(server, key, body, value):
    stored(server, key, body, value)


@pytest.mark.parametrize("extension", [b";a=b", b';a="x;y"', b";a", b";a=b;c=d", b';a="\\""', b';a="x\\;y"',
                                       b';a=" \t"'])
def test_extensions_are_ignored(server, key, extension):
    stored(server, key, b"5" + extension + b"\r\nhello\r\n0" + extension + b"\r\n\r\n", b"hello")


@pytest.mark.parametrize("size", [b"0x5", b"+5", b"-1", b"G", b"", b" 5", b"5 5", b"5,", b"5g", b".5", b"\t", b"5\x01",
                                  b";a=b",
                                  b"5;a=\x01", b'5;a="x', b"\x00", b"5\x7f"])
def test_a_chunk_size_out_of_grammar_is_400(server, key, size):
    refused(server, key, size + b"\r\nhello\r\n0\r\n\r\n", 400)


@pytest.mark.parametrize("size", [b"00000000000000005", b"10000000000000005", b"F" * 17, b"0" * 17, b"1" + b"0" * 40])
def test_a_chunk_size_past_64_bits_is_400_and_not_wrapped(server, key, size):
    refused(server, key, size + b"\r\nhello\r\n0\r\n\r\n", 400)


@pytest.mark.parametrize("size", [b"100001", b"FFFFFFFFFFFFFFFF", b"7fffffffffffffff", b"8000000000000000",
                                  b"fffffffffffffffb"])
def test_a_chunk_size_over_the_limit_is_413(server, key, size):
    refused(server, key, size + b"\r\nhello\r\n0\r\n\r\n", 413)
    refused(server, key, b"5\r\nhello\r\n" + size + b"\r\nhello\r\n0\r\n\r\n", 413)


def test_chunks_that_sum_to_the_limit_are_stored(server, key):
    pieces = [b"x" * 65_536] * 16
    check(server, put(key, chunked(*pieces)), stays(201, b""))
    assert server.get(key) == b"x" * LIMIT
    check(server, request(b"/" + key, method=b"DELETE"), stays(204, b""))


def test_chunks_that_sum_past_the_limit_are_413_at_the_crossing_chunk(server, key):
    pieces = [b"x" * 65_536] * 16
    refused(server, key, chunked(*pieces, b"y"), 413)
    refused(server, key, chunked(*pieces, last=b"1\r\n"), 413)


def test_a_dropped_body_in_chunks_has_the_same_limit(server):
    over = request(b"/k", b"Transfer-Encoding: chunked") + b"100001\r\n"
    check(server, over, closes(413))


@pytest.mark.parametrize("body", [
    b"5\r\nhelloo\r\n0\r\n\r\n", b"5\r\nhello0\r\n\r\n", b"5\r\nhello\n0\r\n\r\n", b"5\r\nhello\rX0\r\n\r\n",
    b"5\r\nhello\r\r\n0\r\n\r\n", b"4\r\nhello\r\n0\r\n\r\n", b"6\r\nhello\r\n0\r\n\r\n",
])
def test_data_that_does_not_end_where_its_size_says_is_400(server, key, body):
    refused(server, key, body, 400)


@pytest.mark.parametrize("body", [b"5\nhello\r\n0\r\n\r\n", b"5\rhello", b"5\r\nhello\r\n0\n\r\n",
                                  b"5\r\nhello\r\n0\r\n\n",
                                  b"5;a=b\nhello\r\n0\r\n\r\n", b"5\r\nhello\r\n0\r\n\rX", b"5;a\0"])
def test_a_bare_lf_a_bare_cr_and_a_nul_in_the_framing_are_400(server, key, body):
    refused(server, key, body, 400)


@pytest.mark.parametrize("body", [b"", b"5", b"5\r\n", b"5\r\nhel", b"5\r\nhello\r\n", b"5\r\nhello\r\n0\r\n",
                                  b"5\r\nhello\r\n0\r\nX: y\r\n"])
def test_chunks_cut_by_fin_are_not_stored_and_not_answered(server, key, body):
    with server.peer() as peer:
        peer.send(put(key, body))
        peer.finish()
        assert peer.read_to_end() == b""
    assert server.get(key) is None
    server.check_clean()


@pytest.mark.parametrize("trailers", [
    b"X: y\r\n", b"X:\r\n", b"Content-Length: 3\r\n", b"Transfer-Encoding: gzip\r\n", b"Host: other\r\n",
    b"Connection: close\r\n",
    b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\nHost: a b\r\nExpect: x\r\n", b"X: y\r\n" * 100,
    b"X: " + b"y" * 8000 + b"\r\n",
])
def test_trailers_are_checked_and_dropped(server, key, trailers):
    stored(server, key, b"5\r\nhello\r\n0\r\n" + trailers + b"\r\n", b"hello")


@pytest.mark.parametrize("trailers", [b"X : y\r\n", b"X\r\n", b": y\r\n", b" X: y\r\n", b"X: y\r\n z\r\n",
                                      b"X[: y\r\n", b"X: \0\r\n",
                                      b"X: y\n", b"X: \x01\r\n", b"X: y\rz"])
def test_trailers_out_of_grammar_are_400(server, key, trailers):
    refused(server, key, b"5\r\nhello\r\n0\r\n" + trailers + b"\r\n", 400)


@pytest.mark.parametrize("trailers", [b"X: y\r\n" * 101, b"X: " + b"y" * 8300 + b"\r\n",
                                      b"X-Long: y\r\n" * 90 + b"X: " + b"y" * 8000])
def test_trailers_over_the_limits_are_431(server, key, trailers):
    refused(server, key, b"5\r\nhello\r\n0\r\n" + trailers, 431)


@pytest.mark.parametrize("size_line", [b"5;" + b"a" * 4200, b"5" + b";a=b" * 1100])
def test_a_chunk_size_line_over_4_kib_is_400(server, key, size_line):
    refused(server, key, size_line + b"\r\nhello\r\n0\r\n\r\n", 400)
    refused(server, key, size_line, 400)


def test_a_chunk_size_line_under_4_kib_is_served(server, key):
    stored(server, key, b"5;" + b"a" * 4000 + b"\r\nhello\r\n0\r\n\r\n", b"hello")


def test_the_extensions_of_a_body_are_limited_together(server, key):
    line = b"1;" + b"a" * 999 + b"\r\nx\r\n"
    stored(server, key, line * 15 + b"0\r\n\r\n", b"x" * 15)
    refused(server, key, line * 18 + b"0\r\n\r\n", 400)
