"""A strict parser of what the servers send (contract, section 6, oracle 3).

It accepts exactly the answers that section 1 of the contract describes and raises Malformed for any other byte:
a lenient client would hide the very mistakes these tests look for.
"""

import re
from dataclasses import dataclass

REASONS = {
    100: "Continue", 200: "OK", 201: "Created", 204: "No Content", 400: "Bad Request", 404: "Not Found",
    405: "Method Not Allowed", 408: "Request Timeout", 413: "Content Too Large", 414: "URI Too Long",
    417: "Expectation Failed", 421: "Misdirected Request", 431: "Request Header Fields Too Large",
    501: "Not Implemented", 503: "Service Unavailable", 505: "HTTP Version Not Supported",
    507: "Insufficient Storage",
}
TEXTS = {
    200: {b"Key inserted", b"ok"},
    400: {b"Bad Request", b"Key cannot be empty", b"Invalid format: expected key=value"},
    404: {b"Not Found", b"Key not found"},
}
FIELDS = {"content-length", "content-type", "x-content-type-options", "date", "allow", "retry-after", "connection"}
OCTETS = "application/octet-stream"
TEXT = "text/plain; charset=utf-8"
MAX_HEAD_BYTES = 512

_STATUS_LINE = re.compile(rb"HTTP/1\.1 ([1-5][0-9][0-9]) ([A-Za-z ]+)")
_FIELD = re.compile(rb"([A-Za-z][A-Za-z-]*): ([\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)")
_LENGTH = re.compile(r"0|[1-9][0-9]*")
_DATE = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-3][0-9] (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [0-9]{4} "
    r"[0-2][0-9]:[0-5][0-9]:[0-6][0-9] GMT")


class Malformed(AssertionError):
    """Bytes from a server that are not a response of the contract."""


@dataclass(frozen=True)
class Answer:
    """One response; `fields` has lower-case names."""

    status: int
    fields: dict
    body: bytes
    head: bytes

    @property
    def closes(self):
        return self.fields.get("connection") == "close"

    @property
    def without_date(self):
        """The bytes that both servers must agree on."""
        return re.sub(rb"\r\nDate: [^\r]*", b"", self.head) + self.body


def _demand(holds, what, data):
    if not holds:
        raise Malformed(f"{what}: {data[:600]!r}")


def _parse_fields(lines, head):
    fields = {}
    for line in lines:
        match = _FIELD.fullmatch(line)
        _demand(match, f"field line {line!r}", head)
        name = match[1].decode().lower()
        _demand(name in FIELDS, f"field {name} is not in the contract", head)
        _demand(name not in fields, f"field {name} twice", head)
        fields[name] = match[2].decode()
    return fields


def _check_fields(status, fields, head):
    if status == 100:
        _demand(not fields, "fields on an interim answer", head)
        return
    if status == 204:
        _demand("content-length" not in fields, "Content-Length on 204", head)
    else:
        _demand(_LENGTH.fullmatch(fields.get("content-length", "")), "no good Content-Length", head)
    if status < 500:
        _demand("date" in fields, "no Date on a 2xx or 4xx", head)
    if "date" in fields:
        _demand(_DATE.fullmatch(fields["date"]), "Date is not IMF-fixdate", head)
    _demand((fields.get("retry-after") == "1") == (status == 503), "Retry-After: 1 goes with 503 alone", head)
    _demand(fields.get("connection", "close") in ("close", "keep-alive"), "odd Connection", head)
    _demand("allow" in fields or status != 405, "405 without Allow", head)
    _demand("allow" not in fields or status in (204, 405), "Allow elsewhere than on 405 and OPTIONS", head)
    is_value = fields.get("content-type") == OCTETS
    _demand(is_value == (fields.get("x-content-type-options") == "nosniff"), "nosniff goes with values", head)
    if fields.get("content-length", "0") == "0" and not is_value:
        _demand("content-type" not in fields, "Content-Type without a body", head)


def _check_body(status, fields, body, head):
    kind = fields.get("content-type")
    if status >= 400:
        _demand(kind == TEXT, "an error is plain text", head)
        _demand(body in TEXTS.get(status, {REASONS[status].encode()}), "error body not constant", head + body)
    elif body:
        _demand(kind, "a body without Content-Type", head)
        _demand(kind != TEXT or body in TEXTS[200], "message not constant", head + body)


def parse_answer(data, is_head_request=False):
    """The answer at the front of `data` and how many bytes it takes; None while bytes are missing."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        _demand(b"HTTP/1.1 ".startswith(data[:9]), "not a status line", data)
        _demand(len(data) <= MAX_HEAD_BYTES, "endless head", data)
        return None
    head = data[:end + 4]
    _demand(len(head) <= MAX_HEAD_BYTES, "head too long", head)
    status_line, *lines = head[:-4].split(b"\r\n")
    match = _STATUS_LINE.fullmatch(status_line)
    _demand(match, "status line", head)
    status = int(match[1])
    _demand(REASONS.get(status) == match[2].decode(), "unknown status or reason", head)
    fields = _parse_fields(lines, head)
    _check_fields(status, fields, head)
    if is_head_request or status in (100, 204):
        return Answer(status, fields, b"", head), len(head)
    size = len(head) + int(fields["content-length"])
    if len(data) < size:
        return None
    body = data[len(head):size]
    _check_body(status, fields, body, head)
    return Answer(status, fields, body, head), size


def parse_run(data, may_hold_head_answers=False):
    """All of `data` as a run of answers; Malformed if a byte is left over or missing.

    Answers to HEAD cannot be told from their bytes alone. Where `may_hold_head_answers`, an answer whose length
    is followed at once by another answer, or by nothing, is one; so the caller's values must not look like heads.
    """
    answers = []
    while data:
        end = data.find(b"\r\n\r\n") + 4
        bodiless = may_hold_head_answers and (data[end:] == b"" or data[end:].startswith(b"HTTP/1.1 "))
        parsed = parse_answer(data, is_head_request=bodiless)
        _demand(parsed, "cut answer", data)
        answer, size = parsed
        answers.append(answer)
        data = data[size:]
    return answers
