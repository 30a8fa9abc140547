"""An HdrHistogram V2 decoder written from the format's description alone; it shares no code with the harness."""

import base64
import math
import struct
import zlib

SUB_BUCKETS = 2048
HALF = SUB_BUCKETS // 2


def decode(text):
    """The counters of an encoded histogram, {index: count}."""
    raw = base64.b64decode(text, validate=True)
    cookie, length = struct.unpack(">II", raw[:8])
    assert cookie == 0x1C849314 and length == len(raw) - 8
    payload = zlib.decompress(raw[8:])
    fields = struct.unpack(">IIIIQQd", payload[:40])
    assert fields[0] == 0x1C849313 and fields[1] == len(payload) - 40 and fields[2:4] == (0, 3)
    assert fields[4:] == (1, 3_600_000_000_000, 1.0)
    counters, index, at = {}, 0, 40
    while at < len(payload):
        value, at = _zig_zag(payload, at)
        if value < 0:
            index -= value
        else:
            counters[index] = value
            index += 1
    return counters


def _zig_zag(payload, at):
    value = 0
    for position in range(9):
        byte = payload[at]
        at += 1
        value |= (byte if position == 8 else byte & 0x7F) << (7 * position)
        if position == 8 or byte < 0x80:
            break
    return (value >> 1) ^ -(value & 1), at


def highest_value(index):
    """The highest value that falls into a counter, in ns."""
    bucket, sub = (index >> 10) - 1, (index & (HALF - 1)) + HALF
    if bucket < 0:
        bucket, sub = 0, sub - HALF
    return (sub << bucket) + (1 << bucket) - 1


def percentile_us(counters, q):
    rank = max(1, math.ceil(q * sum(counters.values())))
    running = 0
    for index in sorted(counters):
        running += counters[index]
        if running >= rank:
            return highest_value(index) / 1000
    raise AssertionError("no samples")
