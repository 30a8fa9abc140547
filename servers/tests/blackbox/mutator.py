"""Hostile input from a seed: the contract's cases, strung together, bent, and cut into segments."""

from blackbox.expect import chunked, request

CHUNKED = b"Transfer-Encoding: chunked"
EXPECT = b"Expect: 100-continue"
# The keys that requests write to; read back after each input.
KEYS = (b"k", b"n", b"a%2Fb")

SEEDS = [
    request(),
    request(b"/n"),
    request(b"/%6B?x=1"),
    request(b"/a%2Fb"),
    request(b"/"),
    request(b"/-/health"),
    request(b"/a/b"),
    request(b"http://h/k", host=b"other"),
    request(b"https://h/k"),
    request(version=b"HTTP/1.0"),
    request(b"/k", b"Connection: keep-alive", version=b"HTTP/1.0", host=None),
    request(version=b"HTTP/1.7"),
    request(version=b"HTTP/2.0"),
    request(b"/k", b"Connection: close"),
    request(b"/k", b"Connection: x, Keep-Alive"),
    request(b"/k", b"Accept: */*", b"User-Agent: a b", b"X: \xff\t"),
    request(b"/k", b"Range: bytes=0-1", b"Upgrade: h2c"),
    request(method=b"HEAD"),
    request(b"/n", method=b"HEAD"),
    request(b"*", method=b"OPTIONS"),
    request(b"/k", method=b"OPTIONS"),
    request(b"/k", method=b"PATCH", body=b"x"),
    request(b"/k", method=b"TRACE"),
    request(b"h:443", method=b"CONNECT"),
    request(b"/k", method=b"FOO", body=b"x=y"),
    request(b"/n", method=b"DELETE"),
    request(b"/k", method=b"DELETE", body=b"dropped"),
    request(b"/n", method=b"PUT", body=b"put"),
    request(b"/k", method=b"PUT", body=b""),
    request(b"/a%2Fb", method=b"PUT", body=bytes(range(256))),
    request(b"/", method=b"POST", body=b"n=posted"),
    request(b"/", method=b"POST", body=b"k=a=b"),
    request(b"/", method=b"POST", body=b"no separator"),
    request(b"/", method=b"POST", body=b"=no key"),
    request(b"/", method=b"POST"),
    request(b"/n", CHUNKED, method=b"PUT") + chunked(b"in ", b"two"),
    request(b"/n", CHUNKED, method=b"PUT") + b'3;a="x;y"\r\nabc\r\n00\r\nX: y\r\nContent-Length: 9\r\n\r\n',
    request(b"/", CHUNKED, method=b"POST") + chunked(b"k=", b"chunks"),
    request(b"/k", CHUNKED) + chunked(b"dropped"),
    request(b"/n", CHUNKED, method=b"PUT") + b"G\r\nabc\r\n0\r\n\r\n",
    request(b"/n", CHUNKED, method=b"PUT") + b"3\r\nabcd\r\n0\r\n\r\n",
    request(b"/n", CHUNKED, method=b"PUT") + b"FFFFFFFFFFFFFFFFF\r\n",
    request(b"/n", CHUNKED, b"Content-Length: 5", method=b"PUT") + b"0\r\n\r\n",
    request(b"/n", b"Content-Length: 5", b"Content-Length: 5", method=b"PUT") + b"hello",
    request(b"/n", b"Content-Length: +5", method=b"PUT") + b"hello",
    request(b"/n", b"Content-Length: 9999999", method=b"PUT"),
    request(b"/n", b"Content-Length: 50", method=b"PUT") + b"short",
    request(b"/n", b"Transfer-Encoding: gzip, chunked", method=b"PUT") + chunked(b"x"),
    request(b"/n", b"Transfer-Encoding: chunked, chunked", method=b"PUT") + chunked(b"x"),
    request(b"/n", EXPECT, method=b"PUT", body=b"expected"),
    request(b"/n", EXPECT, b"Content-Length: 9999999", method=b"PUT"),
    request(b"/k", b"Expect: x"),
    request(host=None),
    request(host=b"u@h"),
    request(b"/k", b"Host: h"),
    request(b"/k", b" folded"),
    request(b"/k", b"X : y"),
    request(b"/%zz"),
    request(b"/%00"),
    request(b"/k#x"),
    b"\r\n" + request(),
    b"GET /k\r\n",
    b"GET /k HTTP/1.1\nHost: h\n\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
]

TOKENS = [
    b"\r\n", b"\r", b"\n", b"\r\n\r\n", b"\0", b" ", b"\t", b":", b";", b",", b"=", b"%", b"%2F", b"/", b"?", b"#",
    b"*", b"\x7f", b"\x80",
    b"0\r\n\r\n", b"1", b"F", b"ffffffffffffffff", b"Content-Length: 3\r\n", b"Transfer-Encoding: chunked\r\n",
    b"Host: h\r\n",
    b"Connection: close\r\n", b"Expect: 100-continue\r\n", b"HTTP/1.1", b"HTTP/1.0", b"GET ", b"PUT ", b"HEAD ",
    b"POST ", b"http://h",
    b"x" * 100, b"X: y\r\n" * 101,
]


def _bend(random, data):
    """One small change."""
    at = random.randrange(len(data) + 1)
    end = min(len(data), at + random.choice((1, 1, 1, 2, 5, 20)))
    kind = random.randrange(6)
    if kind == 0:
        return data[:at] + random.choice(TOKENS) + data[at:]
    if kind == 1:
        return data[:at] + data[end:]
    if kind == 2:
        return data[:at] + bytes([random.randrange(256)]) + data[at + 1:]
    if kind == 3:
        return data[:end] + data[at:end] + data[end:]
    if kind == 4:
        return data[:at]
    other = random.choice(SEEDS)
    return data[:at] + other[random.randrange(len(other)):]


def make_input(random):
    """The bytes of one connection."""
    parts = [random.choice(SEEDS) for _ in range(random.choice((1, 1, 1, 2, 2, 3, 5)))]
    bent = random.randrange(len(parts))
    for _ in range(random.choice((0, 1, 1, 1, 2, 3))):
        parts[bent] = _bend(random, parts[bent])
    return b"".join(parts)


def make_cuts(random, data):
    """`data` in up to five segments."""
    cuts = sorted(random.randrange(len(data) + 1) for _ in range(random.choice((0, 0, 1, 2, 4))))
    edges = [0, *cuts, len(data)]
    return [data[start:end] for start, end in zip(edges, edges[1:], strict=False) if start < end]
