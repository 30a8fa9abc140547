"""One case of the contract: bytes in, the answers that must come, and what the connection does after them."""

from dataclasses import dataclass

from blackbox.answers import REASONS
from blackbox.server import CLEAN_GET, VALUE


@dataclass(frozen=True)
class Expect:
    """An answer. Without `body`, an error's is its reason phrase and anything else's is not looked at."""

    status: int
    closes: bool
    body: bytes | None = None
    allow: str | None = None
    is_to_head: bool = False
    connection: str | None = None

    def check(self, answer):
        assert answer.status == self.status, (answer.status, answer.head)
        body = self.body
        if body is None and self.status >= 400:
            body = REASONS[self.status].encode()
        if body is not None and not self.is_to_head:
            assert answer.body == body
        assert answer.fields.get("allow") == self.allow, answer.head
        connection = self.connection or ("close" if self.closes else None)
        assert answer.fields.get("connection") == connection, answer.head


def stays(status, body=None, **more):
    return Expect(status, False, body, **more)


def closes(status, body=None, **more):
    """The contract's "!", or any last answer: it says close, and the server closes."""
    return Expect(status, True, body, **more)


def request(target=b"/k", *fields, method=b"GET", version=b"HTTP/1.1", host=b"h", body=None):
    """A request; Host and, with a body, Content-Length come by themselves. host=None leaves Host out."""
    lines = [b"%s %s %s" % (method, target, version)]
    if host is not None:
        lines.append(b"Host: " + host)
    lines += fields
    if body is not None:
        lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join(lines) + b"\r\n\r\n" + (body or b"")


def chunked(*chunks, last=b"0\r\n\r\n"):
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + last


def check_answers(peer, expected):
    """Reads the answers, then sees whether the connection is as the last of them says."""
    for expect in expected:
        expect.check(peer.read_answer(expect.is_to_head))
    if not expected or expected[-1].closes:
        assert peer.read_to_end() == b"", "bytes after the last answer"
        return
    answer = peer.exchange(CLEAN_GET)
    assert (answer.status, answer.body, answer.closes) == (200, VALUE, False)


def check(server, sent, *expected, segments=None):
    """Sends `sent` on a fresh connection and holds the server to `expected`; then it must serve as ever."""
    with server.peer() as peer:
        if segments:
            peer.send_segments(segments)
        else:
            peer.send(sent)
        check_answers(peer, expected)
    server.check_clean()
