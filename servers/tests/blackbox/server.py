"""The programs under test as child processes: start, announce line, stats, stop (design.md, section 2)."""

import contextlib
import ctypes
import json
import os
import pathlib
import re
import resource
import select
import signal
import subprocess
import tempfile

from blackbox import kernel
from blackbox.deadline import DEADLINE_S, SANITIZER, Deadline, DeadlinePassed, wait_until
from blackbox.peer import Peer

BIN = pathlib.Path(os.environ.get("KVDUEL_BIN", "build/dev/bin")).resolve()
# The four modes that one contract holds; the ids of every parametrized test.
MODES = {
    "channel": ("kvduel-threads", "--dispatch", "channel"),
    "connection": ("kvduel-threads", "--dispatch", "connection"),
    "per-core": ("kvduel-async", "--runtime", "per-core"),
    "shared": ("kvduel-async", "--runtime", "shared"),
}
# The floor keeps no contract (servers/null): only what any program owes whoever starts it.
FLOOR = {"null": ("kvduel-null",)}
PROGRAMS = ("kvduel-threads", "kvduel-async")
# KVDUEL_STORE=snapshot holds the whole contract to another store than the default; a test's own --store stands.
STORE = os.environ.get("KVDUEL_STORE")
REPORTS = ("Sanitizer", "runtime error:", "terminate called", "Assertion")
KEY, VALUE = b"k", b"the value of k"
CLEAN_GET = b"GET /k HTTP/1.1\r\nHost: h\r\n\r\n"

_libc = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1
_WARM_UP_PEERS = 16


def die_with_parent():
    """No server outlives a killed test run. Runs in the child, before exec."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def command(mode, *flags):
    program, *mode_flags = {**MODES, **FLOOR}[mode]
    return [str(BIN / program), *mode_flags, *flags]


def few_descriptors(most):
    """For before_exec: the process may have so many descriptors, its streams among them."""
    return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def run(argv, before_exec=lambda: None, **options):
    """A run that is expected to end by itself: exit code, stdout and stderr as text."""
    def prepare():
        die_with_parent()
        before_exec()

    return subprocess.run(argv, text=True, stdin=subprocess.DEVNULL, capture_output=True, timeout=DEADLINE_S,
                          preexec_fn=prepare, check=False, **options)


def check_unavailable(mode, listen, *words, **options):
    """A server that cannot be had there says so in one line, and nothing else, and ends with 69."""
    result = run(command(mode, "--listen", listen), **options)
    assert result.returncode == 69, (result.returncode, result.stderr)
    assert result.stdout == ""
    assert re.fullmatch(r"[^\n]+\n", result.stderr), result.stderr
    for word in words:
        assert word in result.stderr, result.stderr


class Server:
    """A running server. `flags` go behind --listen 127.0.0.1:0; `env` is added to the environment.

    With `warm_up`, wait_for_quiet() can tell later whether every descriptor and thread was given back.
    """

    def __init__(self, mode, *flags, env=None, before_exec=None, listen="127.0.0.1:0", key_stored=True,
                 warm_up=False):
        def prepare():
            die_with_parent()
            if before_exec:
                before_exec()

        self.mode = mode
        if STORE and mode in MODES and "--store" not in flags:
            flags = ("--store", STORE, *flags)
        # Closed by stop(); a file, because a pipe nobody reads would fill.
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115
        self.process = subprocess.Popen(
            command(mode, "--listen", listen, *flags), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=self._stderr, env={**os.environ, **(env or {})}, preexec_fn=prepare)
        self.pid = self.process.pid
        try:
            self.announcement = self._read_announcement()
            self.address = (self.announcement["host"], self.announcement["port"])
            self.quiet = self._warm_up() if warm_up else None
            if key_stored:
                self.put(KEY, VALUE)
        except BaseException:
            self.kill()
            raise

    def _read_announcement(self):
        deadline = Deadline("the announce line")
        line = b""
        while not line.endswith(b"\n"):
            assert select.select([self.process.stdout], [], [], deadline.left())[0], f"silent: {self.stderr()}"
            piece = os.read(self.process.stdout.fileno(), 4096)
            assert piece, f"ended unannounced: {self.stderr()}"
            line += piece
        assert line.count(b"\n") == 1, line
        announcement = json.loads(line)
        assert list(announcement) == ["event", "host", "port", "pid"], line
        assert announcement["event"] == "listening"
        assert announcement["pid"] == self.pid
        assert 0 < announcement["port"] < 65536
        return announcement

    def stderr(self):
        """All it has logged so far."""
        return os.pread(self._stderr.fileno(), 1 << 20, 0).decode(errors="replace")

    def peer(self, **options):
        return Peer(self.address, **options)

    def put(self, key, value):
        with self.peer() as peer:
            answer = peer.exchange(b"PUT /%s HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n%s"
                                   % (key, len(value), value))
            assert answer.status in (201, 204), answer
            return answer

    def get(self, key):
        """The stored value, or None."""
        with self.peer() as peer:
            answer = peer.exchange(b"GET /%s HTTP/1.1\r\nHost: h\r\n\r\n" % key)
            assert answer.status in (200, 404), answer
            return answer.body if answer.status == 200 else None

    def stats(self):
        with self.peer() as peer:
            answer = peer.exchange(b"GET /-/stats HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
        assert answer.status == 200, answer
        return json.loads(answer.body)

    def wait_for_stats(self, holds, what):
        return wait_until(lambda: holds(self.stats()), what)

    def check_clean(self):
        """Oracle 4: a fresh connection is served as ever."""
        assert self.get(KEY) == VALUE

    def _descriptors_and_threads(self):
        return kernel.descriptors(self.pid), kernel.threads(self.pid)

    def _warm_up(self):
        """What a server that has met peers holds when they are gone: event loops open descriptors of their own on
        first use. Taken while as many peers as are counted off are known to be there."""
        with contextlib.ExitStack() as stack:
            peers = [stack.enter_context(self.peer()) for _ in range(_WARM_UP_PEERS)]
            for peer in peers:
                assert peer.exchange(b"GET /-/health HTTP/1.1\r\nHost: h\r\n\r\n").status == 200
            descriptors, threads = self._descriptors_and_threads()
        return descriptors - len(peers), threads - (len(peers) if self.mode == "connection" else 0)

    def wait_for_quiet(self):
        """With every peer gone, descriptors and threads are what they were before any came (oracle 4)."""
        try:
            wait_until(lambda: self._descriptors_and_threads() == self.quiet, "descriptors and threads to return")
        except DeadlinePassed as passed:
            now = self._descriptors_and_threads()
            raise AssertionError(f"descriptors and threads {now}, at first {self.quiet}") from passed

    def signal(self, number=signal.SIGTERM):
        self.process.send_signal(number)

    def wait_for_exit(self):
        """Waits for the end of a server that was told to stop, and judges it."""
        try:
            code = self.process.wait(DEADLINE_S)
            rest = self.process.stdout.read()
            log = self.stderr()
        finally:
            self.kill()
        assert code == 0, f"exit {code}; stderr: {log}"
        assert rest == b"", "more than the announce line on stdout"
        found = [word for word in REPORTS if word in log]
        assert not found, log
        return log

    def stop(self):
        """SIGTERM, then exit 0 and a clean log; does nothing when the server has been judged already."""
        if not self._stderr.closed:
            self.signal()
            self.wait_for_exit()

    def kill(self):
        """Leaves nothing behind; for a server that ended or failed."""
        self.process.kill()
        self.process.wait(DEADLINE_S)
        self.process.stdout.close()
        self._stderr.close()


def skip_reason_without_preload():
    """Why the preload library cannot be used in this build, or None."""
    return "an allocator of a sanitizer and a preload library do not mix" if SANITIZER else None
