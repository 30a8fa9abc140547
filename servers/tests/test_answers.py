"""What every answer carries: length, type, Date, HEAD, Expect (contract, section 1 and rows 63 to 69)."""

import datetime
import email.utils

import pytest
from blackbox.answers import OCTETS, TEXT
from blackbox.expect import check, chunked, closes, request, stays
from blackbox.server import VALUE

EXPECT = b"Expect: 100-continue"
KEY_METHODS = "GET, HEAD, PUT, DELETE, OPTIONS"


def answer_to(server, sent, is_head_request=False):
    with server.peer() as peer:
        return peer.exchange(sent, is_head_request)


def test_a_value_is_octets_that_no_browser_may_sniff(server):
    fields = answer_to(server, request()).fields
    assert fields["content-type"] == OCTETS
    assert fields["x-content-type-options"] == "nosniff"
    assert fields["content-length"] == str(len(VALUE))


def test_an_empty_value_is_200_with_length_0(server, key):
    server.put(key, b"")
    answer = answer_to(server, request(b"/" + key))
    assert (answer.status, answer.body, answer.fields["content-length"]) == (200, b"", "0")


@pytest.mark.parametrize("sent", [request(b"/", method=b"POST", body=b"m=x"), request(b"/no-such-key"),
                                  request(b"/-/health")])
def test_a_message_is_plain_text(server, sent):
    assert answer_to(server, sent).fields["content-type"] == TEXT


def test_created_is_empty_with_length_0_and_no_type(server, key):
    answer = server.put(key, b"x")
    assert (answer.status, answer.body, answer.fields["content-length"]) == (201, b"", "0")
    assert "content-type" not in answer.fields


def test_no_content_has_neither_length_nor_body(server, key):
    server.put(key, b"x")
    for sent in (request(b"/" + key, method=b"PUT", body=b"y"), request(b"/" + key, method=b"DELETE"),
                 request(b"*", method=b"OPTIONS"), request(b"/k", method=b"OPTIONS")):
        answer = answer_to(server, sent)
        assert answer.status == 204
        assert not {"content-length", "content-type", "transfer-encoding"} & set(answer.fields)


def date_of(answer):
    return email.utils.parsedate_to_datetime(answer.fields["date"])


@pytest.mark.parametrize("sent", [request(), request(b"/no-such-key"), b"bad\r\n", request(b"/k", method=b"POST"),
                                  request(b"*", method=b"OPTIONS"), request(b"/-/health"),
                                  request(b"/k", b"Content-Length: 9999999")])
def test_date_is_the_time_of_the_answer(server, sent):
    answer = answer_to(server, sent)
    now = datetime.datetime.now(datetime.UTC)
    assert abs((now - date_of(answer)).total_seconds()) < 60
    assert date_of(answer).strftime("%a, %d %b %Y %H:%M:%S GMT") == answer.fields["date"]


def test_date_is_no_older_than_the_request_however_long_the_one_before_it_took(start):
    """Half of the requests wait for two seconds: an answer right after one of these must not have the Date of its beginning."""
    server = start("--work-wait-us", "2000000@50%", "--threads", "1", key_stored=False)
    with server.peer() as peer:
        for _ in range(4):
            sent = datetime.datetime.now(datetime.UTC)
            answer = peer.exchange(request())
            # Cached for half a second at the most, and cut to the second.
            assert (sent - date_of(answer)).total_seconds() < 1.6


@pytest.mark.parametrize("target", [b"/k", b"/no-such-key", b"/", b"/a/b", b"/-/health"])
def test_head_is_get_without_the_body(server, target):
    with server.peer() as peer:
        to_get = peer.exchange(request(target))
        to_head = peer.exchange(request(target, method=b"HEAD"), is_head_request=True)
        again = peer.exchange(request(target))
    assert (to_head.status, to_head.body) == (to_get.status, b"")
    for answer in (to_get, to_head):
        del answer.fields["date"]
    assert to_head.fields == to_get.fields
    assert again.without_date == to_get.without_date


@pytest.mark.parametrize("target", [b"/-/stats", b"/-/metrics"])
def test_head_of_a_page_has_no_body(server, target):
    check(server, request(target, method=b"HEAD") + request(), stays(200, is_to_head=True), stays(200, VALUE))


def test_a_refused_head_has_no_body(server):
    for fields in ([b"Content-Length: x"], [b"Transfer-Encoding: chunked", b"Content-Length: 1"], [b"Expect: x"]):
        status = 417 if fields == [b"Expect: x"] else 400
        check(server, request(b"/k", *fields, method=b"HEAD"), closes(status, is_to_head=True))
    check(server, request(b"/k", method=b"HEAD", host=None), closes(400, is_to_head=True))


@pytest.mark.parametrize("expectation", [EXPECT, b"expect: 100-CONTINUE", b"Expect:100-continue "])
def test_an_expected_continue_comes_before_the_body(server, key, expectation):
    with server.peer() as peer:
        interim = peer.exchange(request(b"/" + key, expectation, b"Content-Length: 5", method=b"PUT"))
        assert interim.status == 100
        assert peer.exchange(b"hello").status == 201
        interim = peer.exchange(request(b"/", expectation, b"Transfer-Encoding: chunked", method=b"POST"))
        assert interim.status == 100
        answer = peer.exchange(chunked(key + b"=again"))
        assert (answer.status, answer.body) == (200, b"Key inserted")
        assert peer.exchange(request(b"/" + key)).body == b"again"


@pytest.mark.parametrize(("sent", "expected"), [
    (request(b"/k", EXPECT, b"Content-Length: 1048577", method=b"PUT"), closes(413)),
    (request(b"/a/b", EXPECT, b"Content-Length: 5", method=b"PUT"), closes(404)),
    (request(b"/k", EXPECT, b"Content-Length: 5", method=b"POST"), closes(405, allow=KEY_METHODS)),
    (request(b"/k", EXPECT, b"Content-Length: 5", method=b"FOO"), closes(501)),
    (request(b"/" + b"x" * 8193, EXPECT, b"Content-Length: 5", method=b"PUT"), closes(414)),
    (request(b"/", EXPECT, b"Content-Length: 5"), closes(400, b"Key cannot be empty")),
])
def test_an_answer_known_from_the_head_comes_instead_of_continue(server, sent, expected):
    check(server, sent, expected)


@pytest.mark.parametrize("value", [b"x", b"100-continu", b"100-continue2", b"101-continue", b"100-continue;q=1",
                                   b"200-ok"])
def test_another_expectation_is_417(server, value):
    check(server, request(b"/k", b"Expect: " + value), closes(417))
    check(server, request(b"/k", b"Expect: " + value, method=b"PUT", body=b"x"), closes(417))


def test_http_1_0_never_gets_an_interim_answer(server, key):
    sent = request(b"/" + key, EXPECT, method=b"PUT", version=b"HTTP/1.0", body=b"hello")
    check(server, sent, closes(201, b""))
    check(server, request(b"/k", b"Expect: x", version=b"HTTP/1.0"), closes(200, VALUE))


def test_the_later_verdicts_come_in_the_order_of_the_contract(server):
    long_key = b"/" + b"x" * 8193
    over = b"Content-Length: 9999999"
    check(server, request(b"/%zz", method=b"FOO"), closes(400))
    check(server, request(b"https://h/%zz"), closes(400))
    check(server, request(b"https://h" + long_key), closes(421))
    check(server, request(long_key, method=b"FOO"), closes(414))
    check(server, request(b"/a/b", method=b"FOO"), stays(501))
    check(server, request(b"/a/b", method=b"PATCH"), stays(404))
    check(server, request(b"/k", b"Expect: x", method=b"POST", body=b"x"), stays(405, allow=KEY_METHODS))
    check(server, request(b"/k", b"Expect: x", over, method=b"PUT"), closes(417))
