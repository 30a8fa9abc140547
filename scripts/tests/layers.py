"""The arrows between rooms (docs/architecture.md) as a table, and a reader of every #include and CMake link.

A breach reads: harness/stats/a.cpp:7 includes "core/http/head.hpp"; harness/stats may include: std alone
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

# What a name in ROOMS covers, by how an <include> starts and by how CMake calls it.
LIBRARIES = {
    "Asio": (("boost/asio", "boost/system"), "Boost::headers"),
    "Beast": (("boost/beast", "boost/asio/buffer.hpp", "boost/core", "boost/system"), "Boost::headers"),
    "Boost.Unordered": (("boost/unordered",), "Boost::headers"),
    "CLI11": (("CLI/",), "CLI11::CLI11"),
    "fmt": (("fmt/",), "fmt::fmt"),
    "nlohmann_json": (("nlohmann/",), "nlohmann_json::nlohmann_json"),
    "OpenSSL": (("openssl/",), "OpenSSL::Crypto"),
    "xxHash": (("xxhash.h",), None),
    "zlib": (("zlib.h",), "ZLIB::ZLIB"),
}
TEST_LIBRARIES = {"_test.cpp": "doctest/", "_for_test.hpp": "doctest/", "_bench.cpp": "benchmark/"}
INCLUDE = re.compile(r"^[ \t]*#[ \t]*include[ \t]*([<\"])([^>\"\n]+)[>\"]", re.MULTILINE)
GENERATED = {"build_stamp.hpp": "core/support"}


@dataclass(frozen=True)
class Room:
    """`arrows` name the rooms next door; what those may include comes along, but no library does."""

    arrows: tuple = ()
    libraries: tuple = ()
    may_use_os: bool = True


ROOMS = {
    "core/support": Room(),
    "core/http": Room(("core/support",), ("Beast",), may_use_os=False),
    "core/store": Room(("core/support",), ("Boost.Unordered", "xxHash")),
    "core/kv": Room(("core/http", "core/store"), may_use_os=False),
    "servers/common": Room(("core/kv",), ("CLI11", "fmt")),
    "servers/threads": Room(("servers/common",)),
    "servers/async": Room(("servers/common",), ("Asio",)),
    "servers/null": Room(("servers/common",)),
    "servers/references/beast-stock": Room((), ("Asio", "Beast", "CLI11")),  # nothing of ours: it is what others have
    "servers/tests": Room(),
    "harness/stats": Room(may_use_os=False),
    "harness/workload": Room(("harness/stats",), may_use_os=False),
    "harness/load": Room(("harness/workload", "core/http")),
    "harness/experiment": Room(("harness/load",), ("OpenSSL",)),
    "harness/gate": Room(("harness/experiment",)),
    "harness/report": Room(("harness/gate",), ("fmt", "nlohmann_json", "zlib")),
    "harness/cli": Room(("harness/report",), ("CLI11", "fmt")),
    "harness/tests": Room(),
}

# The folders of a room; each may include those before it. What lies in the room itself, and tests, may include all of them.
FOLDERS = {
    "harness/experiment": ("text", "machine", "doctor", "plan", "record", "server", "trial", "judge", "run"),
    "harness/report": ("text", "json", "readers", "check", "tables", "gate"),
}


def reachable(name):
    """The rooms that `name` may include: its arrows and theirs, in the order of the table."""
    found = set()
    waiting = list(ROOMS[name].arrows)
    while waiting:
        room = waiting.pop()
        if room not in found:
            found.add(room)
            waiting.extend(ROOMS[room].arrows)
    return [room for room in ROOMS if room in found]


def folder_of(room, place):
    """The folder of the room that `place` lies in; None in the room itself."""
    parts = place.removeprefix(f"{room}/").split("/")
    return parts[0] if len(parts) > 1 else None


def allowance(name):
    room = ROOMS[name]
    parts = reachable(name) + list(room.libraries) + (["std", "OS"] if room.may_use_os else ["std"])
    return "std alone" if parts == ["std"] else ", ".join(parts)


@dataclass
class Tree:
    """A checkout, and the breaches of the table that are in it."""

    root: Path
    breaches: list = field(default_factory=list)

    def files(self, *patterns):
        """Of the folders that hold C++, in order; what is built lies elsewhere."""
        tops = [self.root / top for top in ("core", "servers", "harness", "scripts") if (self.root / top).is_dir()]
        return sorted(path for top in tops for pattern in patterns for path in top.rglob(pattern))

    def headers_first_in_no_file(self):
        """A header that a source includes before all else has been compiled alone by the build that compiles file by file (dev),
        and one that a header includes before all else is compiled alone with that header."""
        return [path for path in self.files("*.hpp", "*.h") if path not in self._first_included("*.cpp", "*.hpp", "*.h")]

    def _first_included(self, *patterns):
        first = (next(INCLUDE.finditer(path.read_text(encoding="utf-8")), None) for path in self.files(*patterns))
        return {self.root / include[2] for include in first if include}

    def check(self):
        for path in self.files("*.hpp", "*.h", "*.cpp", "*.c"):
            self._check_includes(path)
        for path in self.files("CMakeLists.txt"):
            self._check_links(path)
        return self.breaches

    def _room_of(self, path):
        """The room whose folder holds `path`, whether a Path of the tree or the text of an include."""
        place = path.relative_to(self.root).as_posix() if isinstance(path, Path) else path
        return next((room for room in ROOMS if place.startswith(room + "/")), None)

    def _breach(self, path, line, what, room, verb):
        place = path.relative_to(self.root).as_posix()
        rule = f"{room} may {verb}: {allowance(room)}" if room else "it lies in no room of the table"
        self.breaches.append(f"{place}:{line} {verb}s {what}; {rule}")

    def _check_includes(self, path):
        room = self._room_of(path)
        text = path.read_text(encoding="utf-8")
        for found in INCLUDE.finditer(text):
            number = text.count("\n", 0, found.start(1)) + 1
            is_ours = found[1] == '"'
            may = self._may_include_ours if is_ours else self._may_include_theirs
            if room is None or not may(room, path, found[2]):
                shown = f'"{found[2]}"' if is_ours else f"<{found[2]}>"
                self._breach(path, number, shown, room, "include")
            elif is_ours and room in FOLDERS:
                self._check_folder(room, path, number, found[2])

    def _may_include_ours(self, room, path, included):
        if included in GENERATED:
            return room == GENERATED[included]
        target = self._room_of(included)
        return (self.root / included).is_file() and (target == room or target in reachable(room))

    def _check_folder(self, room, path, number, included):
        """An include of the room's own that goes to a later folder, or from a folder to the room itself."""
        place = path.relative_to(self.root).as_posix()
        own, target = folder_of(room, place), folder_of(room, included)
        if own is None or target == own or path.stem.endswith(("_test", "_for_test")) or not included.startswith(f"{room}/"):
            return
        folders = FOLDERS[room]
        before = folders[: folders.index(own)] if own in folders else ()
        if target not in before:
            allowed = ", ".join((*before, own)) if own in folders else "nothing: it has no place in the order"
            self.breaches.append(f'{place}:{number} includes "{included}"; of {room} it may include: {allowed}')

    def _may_include_theirs(self, room, path, included):
        for ending, start in TEST_LIBRARIES.items():
            if path.name.endswith(ending) and included.startswith(start):
                return True
        if path.name == "doctest_main.cpp" and included.startswith("doctest/"):
            return True
        for library in ROOMS[room].libraries:
            if included.startswith(LIBRARIES[library][0]):
                return True
        if "/" not in included and "." not in included:
            return True  # the standard library's headers have neither
        return self._may_use_os(room, path) and is_os_header(included)

    @staticmethod
    def _may_use_os(room, path):
        return ROOMS[room].may_use_os or path.name.endswith(("_test.cpp", "_bench.cpp"))

    def _check_links(self, path):
        room = self._room_of(path)
        text = re.sub(r"#[^\n]*", lambda comment: " " * len(comment[0]), path.read_text(encoding="utf-8"))
        for call in re.finditer(r"\b(kvduel_room|kvduel_program|target_link_libraries)\s*\(([^()]*)\)", text):
            words = list(re.finditer(r"[^\s\"]+", call[2]))
            if call[1] == "kvduel_room" and words[0][0] != (room or "").replace("/", "_"):
                self._link_breach(path, text, call.start(2) + words[0].start(), words[0][0], room)
            for word in words[1:]:
                if not self._may_link(room, word[0]):
                    self._link_breach(path, text, call.start(2) + word.start(), word[0], room)

    def _link_breach(self, path, text, position, what, room):
        self._breach(path, text.count("\n", 0, position) + 1, what, room, "link")

    @staticmethod
    def _may_link(room, word):
        if word in {"LINKS", "EXTERNAL", "ROOM", "IS_DUELLED", "IS_UNMEASURED", "PUBLIC", "PRIVATE", "INTERFACE"}:
            return True
        ours = re.fullmatch(r"kvduel::(\w+)", word) or re.fullmatch(r"((?:core|servers|harness)_\w+)", word)
        if ours:
            target = ours[1].replace("_", "/", 1)
            return room is not None and (target == room or target in reachable(room))
        if word.startswith(("kvduel_flags", "kvduel_test_main", "Threads::", "${")):
            return True
        return room is not None and any(word == LIBRARIES[library][1] for library in ROOMS[room].libraries)


def is_os_header(included):
    """C and Linux headers: unistd.h, sys/socket.h. A library's header in that style is named in LIBRARIES."""
    starts = tuple(start for starts, _ in LIBRARIES.values() for start in starts)
    folders = ("sys/", "net/", "netinet/", "arpa/", "linux/", "asm/", "bits/")
    return included.endswith(".h") and not included.startswith(starts) and ("/" not in included or included.startswith(folders))
