"""Request-target: its four forms, percent-decoding, keys and routes (contract, rule 1 to 5, rows 15 to 29)."""

import pytest
from blackbox.expect import check, closes, request, stays
from blackbox.server import VALUE

EVERY_METHOD = "GET, HEAD, POST, PUT, DELETE, OPTIONS"


@pytest.mark.parametrize("target", [
    b"k", b"h:443", b"*", b"?x", b"**", b"*/k", b"./k", b"http:/k", b"http:k", b"ftp://h/k", b"file:///k", b"x://h/k",
    b"http:///k", b"http://", b"mailto:k@h",
])
def test_a_target_of_no_form_that_get_has_is_400(server, target):
    check(server, request(target), closes(400))


@pytest.mark.parametrize("method", [b"HEAD", b"POST", b"PUT", b"DELETE", b"PATCH", b"TRACE", b"FOO"])
def test_an_asterisk_is_for_options_alone(server, method):
    check(server, request(b"*", method=method), closes(400, is_to_head=method == b"HEAD"))


@pytest.mark.parametrize("host", [b"h", b"another:1", b"127.0.0.1"])
def test_an_absolute_target_is_served_whatever_the_host_field(server, host):
    authority = b"%s:%d" % (server.address[0].encode(), server.address[1])
    check(server, request(b"http://" + authority + b"/k", host=host), stays(200, VALUE))
    check(server, request(b"http://" + authority + b"/k", host=authority), stays(200, VALUE))


@pytest.mark.parametrize("target", [
    b"http://h/k", b"HTTP://h/k", b"Http://h:80/k?x=1", b"http://[::1]:80/k", b"http://other.example/k",
    b"http://h/%6B",
])
def test_absolute_forms_of_http_are_served(server, target):
    check(server, request(target), stays(200, VALUE))


def test_an_absolute_target_without_path_is_the_root(server):
    check(server, request(b"http://h"), stays(400, b"Key cannot be empty"))
    check(server, request(b"http://h/"), stays(400, b"Key cannot be empty"))


def test_options_of_an_absolute_target_without_path_is_the_asterisk(server):
    check(server, request(b"http://h", method=b"OPTIONS"), stays(204, allow=EVERY_METHOD))


@pytest.mark.parametrize("fields", [[], [b"Host: a b"], [b"Host: h", b"Host: h"], [b"Host:"]])
def test_an_absolute_target_does_not_excuse_a_bad_host(server, fields):
    check(server, request(b"http://h/k", *fields, host=None), closes(400))


@pytest.mark.parametrize("target", [b"https://h/k", b"HTTPS://h/k", b"https://h"])
def test_https_is_misdirected(server, target):
    check(server, request(target), closes(421))


@pytest.mark.parametrize("octet", [bytes([octet]) for octet in range(1, 0x21) if octet not in b"\t\n\r "]
                         + [b"\x7f", b"\t", b"#", b'"', b"<", b">", b"\\", b"^", b"`", b"{", b"|", b"}", b"[", b"]"]
                         + [bytes([octet]) for octet in (0x80, 0xA0, 0xC3, 0xFE, 0xFF)])
def test_an_octet_that_no_path_may_hold_is_400(server, octet):
    check(server, request(b"/k" + octet + b"x"), closes(400))
    check(server, request(b"/k?x=" + octet), closes(400))


@pytest.mark.parametrize("escape", [b"%", b"%4", b"%zz", b"%4g", b"%g4", b"%%41", b"%u0041", b"%-1", b"%+1", b"%0x41"])
def test_a_broken_escape_is_400_in_path_and_query(server, escape):
    check(server, request(b"/k" + escape), closes(400))
    check(server, request(b"/k?x=" + escape), closes(400))


@pytest.mark.parametrize("escape", [b"%00", b"%0A", b"%0d", b"%1F", b"%7F", b"%7f"])
def test_an_escaped_control_byte_in_a_key_is_400(server, escape):
    check(server, request(b"/k" + escape), closes(400))
    check(server, request(b"/" + escape, method=b"PUT", body=b"x"), closes(400))


@pytest.mark.parametrize("target", [b"/k", b"/%6B", b"/%6b", b"/k?", b"/k?x=1", b"/k?a/b?c", b"/k?%41", b"/k?a=%00",
                                    b"/k?!$&'()*+,;=:@-._~"])
def test_targets_that_mean_k(server, target):
    check(server, request(target), stays(200, VALUE))


@pytest.mark.parametrize(("escaped", "raw"), [
    (b"%2F", b"/"), (b"a%2Fb", b"a/b"), (b"+", b"+"), (b"a%20b", b"a b"), (b"%252F", b"%2F"), (b".", b"."),
    (b"..", b".."),
    (b"%2E%2e", b".."), (b"%FF%fe", b"\xff\xfe"), (b"~!$&'()*,;:@", b"~!$&'()*,;:@"), (b"%3D", None), (b"-", b"-"),
    (b"%22%3C%3E%5C%5E%60%7B%7C%7D", b'"<>\\^`{|}'), (b"%3F%23", b"?#"), (b"%25", b"%"),
])
def test_a_key_is_one_segment_decoded_once(server, escaped, raw):
    value = b"the value of " + escaped
    with server.peer() as peer:
        assert peer.exchange(request(b"/" + escaped, method=b"DELETE")).status in (204, 404)  # other tests use it too
    if raw is None:  # a POST cannot name a key that holds '='
        check(server, request(b"/" + escaped, method=b"PUT", body=value), stays(201, b""))
    else:
        check(server, request(b"/", method=b"POST", body=raw + b"=" + value), stays(200, b"Key inserted"))
    check(server, request(b"/" + escaped), stays(200, value))
    everything_escaped = b"".join(b"%%%02x" % octet for octet in raw or b"=")
    check(server, request(b"/" + everything_escaped), stays(200, value))
    check(server, request(b"/" + escaped, method=b"DELETE"), stays(204, b""))


@pytest.mark.parametrize("target", [b"/a/b", b"//", b"//k", b"/k/", b"/../k", b"/./k", b"/k/..", b"/-/", b"/-/x",
                                    b"/-/health/", b"/-/Health", b"/-/health/x", b"/-/stats2", b"http://h//k"])
def test_a_second_raw_slash_is_404_and_nothing_is_normalised(server, target):
    for method in (b"GET", b"PUT", b"DELETE", b"OPTIONS", b"POST", b"PATCH"):
        check(server, request(target, method=method, body=b"x=y"), stays(404))
    check(server, request(target, method=b"HEAD"), stays(404, is_to_head=True))


def test_the_root_needs_a_key(server):
    check(server, request(b"/"), stays(400, b"Key cannot be empty"))
    check(server, request(b"/?x"), stays(400, b"Key cannot be empty"))
    check(server, request(b"/", body=b"x=y"), stays(400, b"Key cannot be empty"))
    check(server, request(b"/", method=b"HEAD"), stays(400, is_to_head=True))


def test_a_key_of_the_limit_is_stored_and_read_in_any_spelling(server):
    key = b"%ff" * 8192
    check(server, request(b"/" + key, method=b"PUT", body=b"v"), stays(201, b""))
    check(server, request(b"/" + key.upper()), stays(200, b"v"))
    check(server, request(b"/" + key, method=b"DELETE"), stays(204, b""))


def test_a_key_over_the_limit_is_414(server):
    check(server, request(b"/" + b"x" * 8192), stays(404, b"Key not found"))
    check(server, request(b"/" + b"x" * 8193), closes(414))
    check(server, request(b"/" + b"%78" * 8193, b"Host: h", host=None), closes(414))
    check(server, request(b"/" + b"x" * 8193, method=b"PUT", body=b"v"), closes(414))
    check(server, request(b"/" + b"x" * 8193, method=b"HEAD"), closes(414, is_to_head=True))
