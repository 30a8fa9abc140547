"""A client that is one raw socket: it sends the very bytes it is given and reads under a deadline."""

import select
import socket
import struct

from blackbox.answers import parse_answer
from blackbox.deadline import DEADLINE_S, Deadline
from blackbox.kernel import unread_bytes


class Peer:
    """One connection. Leaving the `with` block closes it."""

    def __init__(self, address, receive_buffer=None):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.socket.settimeout(DEADLINE_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.address = address
        self._received = b""
        try:
            self.socket.connect(address)
        except BaseException:
            self.socket.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def send_segments(self, segments):
        """Each segment leaves when the server has read the one before, so no two can arrive as one.

        Stops early when the server has answered or closed: it need not read on then.
        """
        for segment in segments:
            self.send(segment)
            self.wait_until_read()

    def wait_until_read(self):
        """Returns when the server has taken every byte sent so far, or has answered or closed."""
        deadline = Deadline("the server to read what was sent")
        local = self.socket.getsockname()
        while unread_bytes(self.address, local) and not self.is_readable(0.0005):
            deadline.left()

    def is_readable(self, seconds=0):
        return bool(select.select([self.socket], [], [], seconds)[0])

    def finish(self):
        """Says that nothing more will be sent (FIN)."""
        self.socket.shutdown(socket.SHUT_WR)

    def abort(self):
        """Ends the connection with a reset."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def _receive(self, deadline):
        self.socket.settimeout(deadline.left())
        try:
            data = self.socket.recv(1 << 18)
        except TimeoutError:
            deadline.left()
            raise
        self._received += data
        return data

    def read_answer(self, is_head_request=False):
        """The next answer, whole."""
        deadline = Deadline(f"an answer; so far {self._received[:200]!r}")
        while True:
            parsed = parse_answer(self._received, is_head_request) if self._received else None
            if parsed:
                answer, size = parsed
                self._received = self._received[size:]
                return answer
            assert self._receive(deadline), f"closed before an answer was whole: {self._received[:600]!r}"

    def read_to_end(self):
        """Every byte until the server's FIN."""
        deadline = Deadline("the server to close")
        while self._receive(deadline):
            pass
        data, self._received = self._received, b""
        return data

    def read_to_any_end(self):
        """Every byte until the server's FIN or reset."""
        try:
            return self.read_to_end()
        except ConnectionResetError:
            data, self._received = self._received, b""
            return data

    def exchange(self, request, is_head_request=False):
        self.send(request)
        return self.read_answer(is_head_request)
