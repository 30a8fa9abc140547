"""The oracles of the contract, section 6, over generated input: no case here knows the right answer.

The same bytes, cut alike, go to a server in each mode; answers (Date aside), the end of the connection and what is
stored afterwards must be the same in all four. KVDUEL_SEED and KVDUEL_INPUTS repeat or prolong a run.
"""

import contextlib
import os
import random

import pytest
from blackbox.answers import parse_run
from blackbox.deadline import SANITIZER
from blackbox.expect import request
from blackbox.mutator import KEYS, make_cuts, make_input
from blackbox.server import MODES, VALUE, Server

SEED = int(os.environ.get("KVDUEL_SEED", "20260301"))
INPUTS = int(os.environ.get("KVDUEL_INPUTS", "500" if SANITIZER else "2000"))
RESET = (request(b"/k", method=b"PUT", body=VALUE) + request(b"/n", method=b"DELETE")
         + request(b"/a%2Fb", method=b"PUT", body=b"old"))
AT_FIRST = [VALUE, None, b"old"]


class Subject:
    """A server under comparison, with a connection of our own to set and read its store."""

    def __init__(self, server):
        self.server = server
        self._control = server.peer()

    def close(self):
        self._control.socket.close()

    def reset(self):
        self._control.send(RESET)
        for _ in range(3):
            assert self._control.read_answer().status in (201, 204, 404)

    def stored(self):
        self._control.send(b"".join(request(b"/" + key) for key in KEYS))
        answers = [self._control.read_answer() for _ in KEYS]
        return [answer.body if answer.status == 200 else None for answer in answers]

    def converse(self, segments):
        """Every byte that comes back until the server's FIN.

        A reset is a fault, but for a peer that asked for the end itself and goes on sending (RFC 9112, 9.6).
        """
        data = b"".join(segments)
        asked_for_the_end = b"HTTP/1.0" in data or b"close" in data.lower()
        with self.server.peer() as peer:
            with contextlib.suppress(*([OSError] if asked_for_the_end else [])):
                peer.send_segments(segments[:-1])
                peer.send(segments[-1])
                peer.finish()
            return peer.read_to_any_end() if asked_for_the_end else peer.read_to_end()


@pytest.fixture(scope="module")
def subjects():
    with contextlib.ExitStack() as stack:
        servers = [Server(mode, "--threads", "2", warm_up=True) for mode in MODES]
        try:
            with contextlib.ExitStack() as connections:
                yield [connections.enter_context(contextlib.closing(Subject(server))) for server in servers]
            for server in servers:
                server.check_clean()
                server.wait_for_quiet()
                assert server.stats()["requests"]["in_flight"] == 0
        finally:
            for server in servers:
                stack.callback(server.stop)


def outcome(subject, data, segments):
    """What an input does to a server, in terms that all modes must share."""
    subject.reset()
    answers = parse_run(subject.converse(segments), may_hold_head_answers=b"HEAD" in data)
    stored = subject.stored()
    if not any(answer.status in (200, 201, 204) for answer in answers):
        assert stored == AT_FIRST, "something was stored, though nothing succeeded"
    for answer in answers[:-1]:
        assert not answer.closes, "an answer behind the one that closes"
    return [answer.without_date for answer in answers], stored


def test_the_same_bytes_have_the_same_effect_in_all_modes(subjects):
    generator = random.Random(SEED)
    for number in range(INPUTS):
        data = make_input(generator)
        segments = make_cuts(generator, data)
        if not segments:
            continue
        story = f"seed {SEED}, input {number}: {segments!r}"
        outcomes = {}
        for subject in subjects:
            try:
                outcomes[subject.server.mode] = outcome(subject, data, segments)
            except (AssertionError, OSError) as error:
                raise AssertionError(f"{subject.server.mode}, {story}: {error}") from error
        first, *others = outcomes.values()
        assert all(other == first for other in others), f"{story}: {outcomes}"


def test_the_stores_hold_the_same_afterwards(subjects):
    stores = [subject.server.stats()["store"] for subject in subjects]
    assert all(store == stores[0] for store in stores), stores


def test_no_segmentation_changes_an_outcome(subjects):
    """The same input, whole and in pieces, to one and the same server."""
    generator = random.Random(SEED + 1)
    for number in range(INPUTS // 10):
        data = make_input(generator)
        if not data:
            continue
        subject = subjects[number % len(subjects)]
        outcome(subject, data, [data])  # whatever else it creates or deletes is now as it leaves it
        whole = outcome(subject, data, [data])
        segments = make_cuts(generator, data)
        story = f"{subject.server.mode}, seed {SEED + 1}, input {number}: {segments!r}"
        assert outcome(subject, data, segments) == whole, story
