"""What a program shows on a terminal."""

import os
import pty


def shown_on_a_terminal(start):
    """Calls start(terminal), which starts a program on it; returns what that gave, and all that was shown until the end."""
    controller, terminal = pty.openpty()
    process = start(terminal)
    os.close(terminal)
    shown = b""
    while True:
        try:
            piece = os.read(controller, 65536)
        except OSError:
            break  # the other side closed
        if not piece:
            break
        shown += piece
    os.close(controller)
    return process, shown
