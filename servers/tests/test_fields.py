"""Header fields: Host, grammar, size and count, Connection, HTTP/1.0 (contract, rows 31 to 40)."""

import pytest
from blackbox.expect import check, closes, request, stays
from blackbox.server import VALUE

LINE = b"GET /k HTTP/1.1\r\n"
HOST = b"Host: h\r\n"
SECTION_LIMIT = 16_384


def test_http_1_1_without_host_is_400(server):
    check(server, LINE + b"\r\n", closes(400))
    check(server, request(b"/k", b"X-Other: h", host=None), closes(400))


@pytest.mark.parametrize("version", [b"HTTP/1.1", b"HTTP/1.0", b"HTTP/1.2"])
@pytest.mark.parametrize("second", [b"h", b"other", b""])
def test_two_hosts_are_400_alike_or_not(server, version, second):
    check(server, request(b"/k", b"Host: " + second, version=version), closes(400))


@pytest.mark.parametrize("host", [
    b"a b", b"u@h", b"u:p@h", b"h/p", b"h?q", b"h#f", b"", b"   ", b"http://h", b"h:x", b"h:80:80", b"[::1", b"::1",
    b"[zz]",
    b"h\\", b"%", b"%4", b"%zz", b"<h>", b"h\x80", b":80",
])
def test_an_invalid_host_is_400(server, host):
    check(server, request(host=host), closes(400))
    check(server, request(host=host, version=b"HTTP/1.0"), closes(400))


@pytest.mark.parametrize("host", [
    b"h", b"H", b"h:80", b"h:", b"127.0.0.1:8080", b"[::1]", b"[::1]:80", b"a.b-c_d~e", b"%41", b"  h\t ", b"localhost",
])
def test_a_valid_host_is_served(server, host):
    check(server, request(host=host), stays(200, VALUE))


@pytest.mark.parametrize("name", [b"host", b"HOST", b"hOsT"])
def test_field_names_have_no_case(server, name):
    check(server, request(b"/k", name + b": h", host=None), stays(200, VALUE))


@pytest.mark.parametrize("field", [
    b"X : y\r\n", b"X\t: y\r\n", b" X: y\r\n", b"\tX: y\r\n", b"X\r\n", b": y\r\n", b"\x01: y\r\n", b"X[: y\r\n",
    b"X]: y\r\n", b"X(: y\r\n", b"X@: y\r\n", b'X": y\r\n', b"X\x80: y\r\n", b"X\xff: y\r\n", b"X Y: z\r\n",
    b"X/: y\r\n",
    b"X: y\x01\r\n", b"X: y\x1f\r\n", b"X: \x7f\r\n", b"X: y\x08z\r\n", b"X: y\x0b\r\n",
])
def test_a_field_out_of_grammar_is_refused_when_its_crlf_arrives(server, field):
    check(server, LINE + field, closes(400))
    check(server, LINE + HOST + field, closes(400))


@pytest.mark.parametrize("start", [b"X: y\0", b"X\0", b"\0", b"X: y\n", b"X: y\rz", b"X: \r\r", b"\n", b"\rx"])
def test_a_bare_lf_a_bare_cr_and_a_nul_in_a_field_are_refused_on_sight(server, start):
    check(server, LINE + HOST + start, closes(400))


@pytest.mark.parametrize("fold", [b" folded\r\n", b"\tfolded\r\n", b" \r\n"])
def test_obs_fold_is_400(server, fold):
    check(server, LINE + HOST + b"X: y\r\n" + fold + b"\r\n", closes(400))
    check(server, LINE + fold, closes(400))


@pytest.mark.parametrize("field", [b"X:y", b"X:", b"X: ", b"X:\t y\t ", b"X: a\tb", b"X: \x80\xff",
                                   b"!#$%&'*+-.^_`|~09aZ: y",
                                   b'X: "a, b"'])
def test_odd_but_valid_fields_are_served(server, field):
    check(server, request(b"/k", field), stays(200, VALUE))


def section(size):
    """Fields of `size` bytes, CRLFs of the lines counted."""
    return HOST + b"X: %s\r\n" % (b"y" * (size - len(HOST) - len(b"X: \r\n")))


@pytest.mark.parametrize("size", [SECTION_LIMIT - 1, SECTION_LIMIT])
def test_a_header_section_within_the_limit_is_served(server, size):
    check(server, LINE + section(size) + b"\r\n", stays(200, VALUE))


@pytest.mark.parametrize("size", [SECTION_LIMIT + 1, SECTION_LIMIT + 2, 100_000])
def test_a_header_section_over_the_limit_is_431(server, size):
    check(server, LINE + section(size) + b"\r\n", closes(431))


def test_a_field_over_the_limit_does_not_wait_for_its_end(server):
    check(server, LINE + section(SECTION_LIMIT + 100)[:-2], closes(431))


def test_a_full_line_and_a_full_section_are_served_together(server):
    line = b"GET /k?%s HTTP/1.1" % (b"x" * (3 * 8192 + 256 - len("GET /k? HTTP/1.1")))
    check(server, b"\r\n" + line + b"\r\n" + section(SECTION_LIMIT) + b"\r\n", stays(200, VALUE))


def test_a_hundred_fields_are_served_and_one_more_is_431(server):
    check(server, request(b"/k", *[b"X: y"] * 99), stays(200, VALUE))
    check(server, request(b"/k", *[b"X: y"] * 100), closes(431))
    check(server, LINE + b"X: y\r\n" * 101, closes(431))


def test_ten_thousand_fields_are_431(server):
    check(server, request(b"/k", *[b"X-%d: y" % number for number in range(10_000)]), closes(431))


def test_fields_are_judged_one_by_one_in_their_order(server):
    too_many = b"X: y\r\n" * 101
    check(server, LINE + too_many + b"bad field\r\n", closes(431))
    check(server, LINE + b"bad field\r\n" + too_many, closes(400))
    check(server, b"GET /k HTTP/1.9\r\n" + b"Host: a b\r\n" + too_many, closes(431))


@pytest.mark.parametrize("fields", [
    [b"Connection: close"], [b"Connection: Close"], [b"connection: CLOSE"], [b"Connection: keep-alive, close"],
    [b"Connection: close, keep-alive"], [b"Connection: x", b"Connection: close"], [b"Connection: ,close ,x"],
])
def test_connection_close_is_answered_with_close(server, fields):
    check(server, request(b"/k", *fields), closes(200, VALUE))
    check(server, request(b"/no-such-key", *fields) + request(), closes(404, b"Key not found"))


@pytest.mark.parametrize("field", [b"Connection: keep-alive", b"Connection: x", b"Connection: closed", b"Connection:",
                                   b"X-Connection: close", b"Keep-Alive: timeout=5"])
def test_other_connection_options_change_nothing_in_http_1_1(server, field):
    check(server, request(b"/k", field), stays(200, VALUE))


def test_http_1_0_needs_no_host_and_closes(server):
    check(server, request(host=None, version=b"HTTP/1.0"), closes(200, VALUE))
    check(server, request(version=b"HTTP/1.0"), closes(200, VALUE))
    check(server, request(b"/no-such-key", version=b"HTTP/1.0") + request(), closes(404, b"Key not found"))


@pytest.mark.parametrize("field", [b"Connection: keep-alive", b"Connection: Keep-Alive", b"Connection: x, keep-alive"])
def test_http_1_0_that_asks_stays_and_is_told_so(server, field):
    asked = request(b"/k", field, host=None, version=b"HTTP/1.0")
    check(server, asked, stays(200, VALUE, connection="keep-alive"))
    check(server, asked + asked, *[stays(200, VALUE, connection="keep-alive")] * 2)
    missing = request(b"/no-such-key", field, host=None, version=b"HTTP/1.0")
    check(server, missing, stays(404, b"Key not found", connection="keep-alive"))


def test_close_wins_over_keep_alive_in_http_1_0(server):
    check(server, request(b"/k", b"Connection: keep-alive, close", version=b"HTTP/1.0"), closes(200, VALUE))


@pytest.mark.parametrize("fields", [
    [b"Range: bytes=0-3"], [b"If-None-Match: *"], [b"If-Modified-Since: Sun, 06 Nov 2094 08:49:37 GMT"],
    [b'If-Match: "x"'],
    [b"Accept: text/html;q=0"], [b"Accept-Encoding: gzip"], [b"Connection: Upgrade", b"Upgrade: websocket"],
    [b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c", b"HTTP2-Settings: AAMAAABkAAQAAP__"],
])
def test_conditions_ranges_and_upgrades_are_ignored(server, fields):
    check(server, request(b"/k", *fields), stays(200, VALUE))
