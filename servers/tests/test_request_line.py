"""Request-line: its grammar, length, version, and the methods (contract, sections 2, 3 and rows 2 to 14, 19, 20)."""

import pytest
from blackbox.expect import check, closes, request, stays
from blackbox.server import VALUE

HOST = b"Host: h\r\n\r\n"
KEY_METHODS = "GET, HEAD, PUT, DELETE, OPTIONS"
ROOT_METHODS = "GET, HEAD, POST, OPTIONS"
LINE_LIMIT = 3 * 8192 + 256


@pytest.mark.parametrize("line", [
    b"GET  /k HTTP/1.1\r\n",
    b"GET /k  HTTP/1.1\r\n",
    b"GET /k x HTTP/1.1\r\n",
    b" GET /k HTTP/1.1\r\n",
    b"GET /k HTTP/1.1 \r\n",
    b"GET\t/k HTTP/1.1\r\n",
    b"GET /k\tHTTP/1.1\r\n",
    b"GET  HTTP/1.1\r\n",
    b"GET /k\r\n",
    b"GET\r\n",
    b"/k HTTP/1.1\r\n",
    b"GET /k HTTP/1\r\n",
    b"GET /k HTTP/1.\r\n",
    b"GET /k HTTP/1.1a\r\n",
    b"GET /k HTTP/1.11\r\n",
    b"GET /k HTTP/01.1\r\n",
    b"GET /k HTTP/11.1\r\n",
    b"GET /k HTTP/ 1.1\r\n",
    b"GET /k HTTP/1,1\r\n",
    b"GET /k HTTP 1.1\r\n",
    b"GET /k http/1.1\r\n",
    b"GET /k HTTPS/1.1\r\n",
    b"GET /k XTTP/1.1\r\n",
    b"GE@T /k HTTP/1.1\r\n",
    b"GE(T /k HTTP/1.1\r\n",
    b"G\xc3\x89T /k HTTP/1.1\r\n",
    b"G\x01T /k HTTP/1.1\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n",
])
def test_a_request_line_out_of_grammar_is_refused_when_its_crlf_arrives(server, line):
    check(server, line, closes(400))


@pytest.mark.parametrize("start", [
    b"GET /k HTTP/1.1\n",
    b"GET /k\n",
    b"\n",
    b"GET /k HTTP/1.1\rH",
    b"GET /k\rH",
    b"\rG",
    b"GE\0",
    b"GET /k\0",
    b"GET /k HTTP/1.1\0",
    b"\0",
])
def test_a_bare_lf_a_bare_cr_and_a_nul_in_the_request_line_are_refused_on_sight(server, start):
    check(server, start, closes(400))


def test_one_crlf_before_a_request_is_ignored(server):
    check(server, b"\r\n" + request(), stays(200, VALUE))


def test_one_crlf_before_each_of_two_requests_is_ignored(server):
    check(server, 2 * (b"\r\n" + request()), stays(200, VALUE), stays(200, VALUE))


def test_a_second_crlf_before_a_request_is_refused(server):
    check(server, b"\r\n\r\n" + request(), closes(400))


@pytest.mark.parametrize("minor", range(1, 10))
def test_minor_versions_are_served_and_answered_as_1_1(server, minor):
    check(server, request(version=b"HTTP/1.%d" % minor), stays(200, VALUE))


@pytest.mark.parametrize("version", [b"HTTP/2.0", b"HTTP/9.9", b"HTTP/3.0", b"HTTP/0.9", b"HTTP/2.1"])
def test_another_major_version_is_505(server, version):
    check(server, b"GET /k " + version + b"\r\n", closes(505))


def test_the_http_2_preface_is_505_once(server):
    check(server, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00", closes(505))


@pytest.mark.parametrize("method", [b"FOO", b"get", b"Get", b"GETT", b"GE", b"PROPFIND", b"!#$%&'*+-.^_`|~09aZ"])
def test_an_unknown_method_or_another_case_is_501_and_stays(server, method):
    check(server, request(method=method), stays(501))


def test_an_unknown_method_has_its_body_read(server):
    check(server, request(method=b"FOO", body=request()), stays(501))


def test_connect_is_501_and_closes(server):
    check(server, request(b"h:443", method=b"CONNECT", host=b"h:443"), closes(501))


@pytest.mark.parametrize(("method", "target", "allow"), [
    (b"PATCH", b"/k", KEY_METHODS),
    (b"POST", b"/k", KEY_METHODS),
    (b"TRACE", b"/k", KEY_METHODS),
    (b"PATCH", b"/", ROOT_METHODS),
    (b"PUT", b"/", ROOT_METHODS),
    (b"DELETE", b"/", ROOT_METHODS),
    (b"TRACE", b"/", ROOT_METHODS),
    (b"POST", b"/-/health", "GET, HEAD, OPTIONS"),
    (b"PUT", b"/-/stats", "GET, HEAD, OPTIONS"),
    (b"DELETE", b"/-/metrics", "GET, HEAD, OPTIONS"),
])
def test_a_known_method_where_it_is_not_allowed_is_405_with_allow_and_stays(server, method, target, allow):
    check(server, request(target, method=method), stays(405, allow=allow))
    check(server, request(target, method=method, body=request()), stays(405, allow=allow))


def test_trace_echoes_nothing(server):
    with server.peer() as peer:
        answer = peer.exchange(request(b"/k", b"Authorization: Basic c2VjcmV0", b"X-Own: secret", method=b"TRACE"))
        assert answer.status == 405
        assert b"c2VjcmV0" not in answer.head + answer.body
        assert b"secret" not in answer.head + answer.body


@pytest.mark.parametrize(("target", "allow"), [
    (b"*", "GET, HEAD, POST, PUT, DELETE, OPTIONS"),
    (b"/", ROOT_METHODS),
    (b"/k", KEY_METHODS),
    (b"/no-such-key", KEY_METHODS),
    (b"/-/health", "GET, HEAD, OPTIONS"),
    (b"/-/stats", "GET, HEAD, OPTIONS"),
    (b"/-/metrics", "GET, HEAD, OPTIONS"),
])
def test_options_is_204_with_allow(server, target, allow):
    check(server, request(target, method=b"OPTIONS"), stays(204, b"", allow=allow))


def padded_line(size):
    """A request-line of `size` octets, CRLF not counted, that asks for k."""
    line = b"GET /k?%s HTTP/1.1"
    return line % (b"x" * (size - len(line % b"")))


@pytest.mark.parametrize("size", [8000, 8192, LINE_LIMIT - 1, LINE_LIMIT])
def test_a_request_line_within_the_limit_is_served(server, size):
    check(server, padded_line(size) + b"\r\n" + HOST, stays(200, VALUE))


@pytest.mark.parametrize("size", [LINE_LIMIT + 1, LINE_LIMIT + 2, 100_000])
def test_a_request_line_over_the_limit_is_414(server, size):
    check(server, padded_line(size) + b"\r\n" + HOST, closes(414))


def test_a_request_line_over_the_limit_does_not_wait_for_its_end(server):
    check(server, padded_line(LINE_LIMIT + 100)[:-10], closes(414))


def test_a_method_longer_than_the_request_line_limit_is_400(server):
    check(server, b"G" * 100_000, closes(400))
    check(server, b"G" * 100_000 + b" /k HTTP/1.1\r\n" + HOST, closes(400))


def test_the_length_of_a_request_line_is_judged_before_its_grammar_and_version(server):
    check(server, b"GET /%s \x7f HTTP/2.0\r\n" % (b"x" * 100_000), closes(414))


def test_the_grammar_of_a_request_line_is_judged_before_its_version(server):
    check(server, b"G@T /k HTTP/2.0\r\n", closes(400))


def test_a_request_line_limit_follows_a_larger_key_limit(start):
    server = start("--max-key-bytes", "20000")
    key = b"\xc3\xa9" * 10_000
    escaped = b"%C3%A9" * 10_000
    server.put(escaped, b"a long key")
    check(server, request(b"/" + escaped), stays(200, b"a long key"))
    check(server, b"GET /k?%s HTTP/1.1\r\n" % (b"x" * 60_300) + HOST, closes(414))
    with server.peer() as peer:
        assert peer.exchange(request(b"/", method=b"POST", body=key + b"=x")).status == 200


def test_a_request_line_of_8192_is_served_under_a_small_key_limit(start):
    server = start("--max-key-bytes", "16")
    check(server, padded_line(8192) + b"\r\n" + HOST, stays(200, VALUE))
    check(server, padded_line(8193) + b"\r\n" + HOST, closes(414))
    check(server, request(b"/" + b"x" * 17), closes(414))
    check(server, request(b"/" + b"x" * 16), stays(404, b"Key not found"))
