"""The plan that steers servers/tests/faults: which libc call fails, when, and how often it did.

The plan is a small file that the preloaded library maps; it can be changed while the server runs. Its layout is
that of faults/plan.hpp: for each site eight 64-bit integers.
"""

import mmap
import os
import struct

from blackbox.server import BIN

SITES = ("accept", "receive", "send", "allocate", "thread", "watch", "rearm")
_SLOTS = ("error", "times", "skip", "every", "limit_bytes", "calls", "fired", "reserved")
FOREVER = -1


class FaultPlan:
    """Faults for one server; nothing is armed at first."""

    def __init__(self, path):
        path.write_bytes(bytes(8 * len(_SLOTS) * len(SITES)))
        self._file = os.open(path, os.O_RDWR)
        self._map = mmap.mmap(self._file, 0)
        self.env = {"LD_PRELOAD": str(BIN / "libkvduel_faults.so"), "KVDUEL_FAULT_PLAN": str(path)}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._map.close()
        os.close(self._file)

    def _offset(self, site, slot):
        return 8 * (SITES.index(site) * len(_SLOTS) + _SLOTS.index(slot))

    def _write(self, site, slot, value):
        struct.pack_into("q", self._map, self._offset(site, slot), value)

    def arm(self, site, error=0, times=FOREVER, skip=0, every=1, limit_bytes=0):
        """Fails calls at `site` with `error` (0: shortens them to `limit_bytes`): of the calls after the first
        `skip`, each `every`th, `times` in all. For "allocate", `limit_bytes` is the smallest size that counts."""
        self.disarm(site)
        values = {"error": error, "skip": skip, "every": every, "limit_bytes": limit_bytes, "fired": 0}
        for slot, value in values.items():
            self._write(site, slot, value)
        self._write(site, "times", times)  # last: it is what arms the site

    def disarm(self, site):
        self._write(site, "times", 0)

    def read(self, site, slot="fired"):
        """A counter: "fired" since the last arm(), "calls" since the start."""
        return struct.unpack_from("q", self._map, self._offset(site, slot))[0]
