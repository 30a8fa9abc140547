"""The rooms include and link only what the table in layers.py allows, and every header stands alone."""

import os
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from layers import FOLDERS, ROOMS, Tree, reachable

ROOT = Path(__file__).resolve().parents[2]
COMPILE_TIMEOUT_S = 120
ROOM_ROW = re.compile(r"^\| (`[^|]*/`) \|", re.MULTILINE)


@pytest.fixture
def copy(tmp_path):
    """The tree as it stands, to break."""
    for top in ("core", "servers", "harness"):
        shutil.copytree(ROOT / top, tmp_path / top, ignore=shutil.ignore_patterns("tests", "corpus", "__pycache__"))
    assert Tree(tmp_path).check() == []
    return tmp_path


def plant(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def compile_alone(root, header):
    """What the compiler says of a file that holds nothing but the include of `header`."""
    name = header.relative_to(root).as_posix()
    command = [os.environ.get("CXX", "c++"), "-std=c++20", "-fsyntax-only", "-w", "-x", "c++", "-I", str(root), "-"]
    done = subprocess.run(
        command, input=f'#include "{name}"\n', capture_output=True, text=True, timeout=COMPILE_TIMEOUT_S, check=False
    )
    return "" if done.returncode == 0 else f"{name} does not compile alone:\n{done.stderr}"


def test_every_include_and_link_follows_the_table():
    breaches = Tree(ROOT).check()
    assert not breaches, "\n" + "\n".join(breaches)


def test_every_header_compiles_alone():
    headers = Tree(ROOT).headers_first_in_no_file()
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        failures = [failure for failure in pool.map(lambda header: compile_alone(ROOT, header), headers) if failure]
    assert not failures, "\n" + "\n".join(failures)


def test_no_room_reaches_itself():
    assert [name for name in ROOMS if name in reachable(name)] == []


def test_servers_and_harness_do_not_reach_each_other():
    for name in ROOMS:
        other = {"servers": "harness", "harness": "servers"}.get(name.split("/")[0], "none")
        assert not [room for room in reachable(name) if room.startswith(other)]


def test_an_include_against_the_arrows_is_named_with_what_is_allowed(copy):
    plant(copy / "harness/stats/planted.cpp", "\n" * 6 + '#include "core/http/head.hpp"\n')
    assert Tree(copy).check() == [
        'harness/stats/planted.cpp:7 includes "core/http/head.hpp"; harness/stats may include: std alone'
    ]


def test_a_reference_shares_nothing_with_the_servers_it_stands_beside(copy):
    place = "servers/references/beast-stock"
    plant(copy / f"{place}/planted.cpp", '#include "core/store/store.hpp"\n#include "servers/common/work.hpp"\n')
    assert Tree(copy).check() == [
        f'{place}/planted.cpp:{line} includes "{header}"; {place} may include: Asio, Beast, CLI11, std, OS'
        for line, header in ((1, "core/store/store.hpp"), (2, "servers/common/work.hpp"))
    ]


def test_arrows_are_followed_to_the_end_and_never_back(copy):
    plant(copy / "harness/load/planted.cpp", '#include "core/support/error.hpp"\n#include "harness/load/plan.hpp"\n')
    plant(copy / "core/support/planted.cpp", '#include "core/store/store.hpp"\n')
    assert Tree(copy).check() == ['core/support/planted.cpp:1 includes "core/store/store.hpp"; core/support may include: std, OS']


@pytest.mark.parametrize(
    ("place", "header"),
    [
        ("harness/cli/planted.cpp", "nlohmann/json.hpp"),  # only harness/report knows JSON there
        ("harness/load/planted.cpp", "nlohmann/json.hpp"),
        ("harness/workload/planted.cpp", "fmt/format.h"),
        ("harness/stats/planted.cpp", "unistd.h"),
        ("core/http/planted.cpp", "sys/socket.h"),  # it does no I/O
        ("core/kv/planted.cpp", "boost/asio.hpp"),
        ("servers/threads/planted.cpp", "boost/asio.hpp"),
        ("core/store/planted.cpp", "doctest/doctest.h"),  # for tests alone
        ("core/store/planted.cpp", "tbb/concurrent_hash_map.h"),  # in no row of the table
    ],
)
def test_a_library_is_for_the_rooms_that_name_it(copy, place, header):
    plant(copy / place, f"#include <string>\n#include <{header}>\n")
    breaches = Tree(copy).check()
    assert len(breaches) == 1
    assert breaches[0].startswith(f"{place}:2 includes <{header}>; {Path(place).parent.as_posix()} may include: ")


def test_a_test_may_use_the_system_and_its_framework_where_its_room_may_not(copy):
    plant(copy / "harness/stats/planted_test.cpp", "#include <doctest/doctest.h>\n#include <unistd.h>\n")
    plant(copy / "harness/stats/planted_bench.cpp", "#include <benchmark/benchmark.h>\n")
    assert Tree(copy).check() == []


def test_an_include_must_start_at_the_root_and_name_a_file(copy):
    plant(copy / "core/http/planted.cpp", '#include "head.hpp"\n#include "core/http/absent.hpp"\n')
    assert [breach.split(";")[0] for breach in Tree(copy).check()] == [
        'core/http/planted.cpp:1 includes "head.hpp"',
        'core/http/planted.cpp:2 includes "core/http/absent.hpp"',
    ]


def test_a_folder_without_a_row_is_refused(copy):
    plant(copy / "core/misc/planted.cpp", "#include <string>\n")
    assert Tree(copy).check() == ["core/misc/planted.cpp:1 includes <string>; it lies in no room of the table"]


def test_a_folder_of_a_room_includes_only_those_before_it(copy):
    room = "harness/experiment"
    later, earlier, above = f"{room}/judge/compare.hpp", f"{room}/plan/suite.hpp", f"{room}/run_suite.hpp"
    plant(copy / f"{room}/record/planted.cpp", f'#include "{earlier}"\n#include "{later}"\n#include "{above}"\n')
    plant(copy / f"{room}/record/planted_test.cpp", f'#include "{later}"\n')
    plant(copy / f"{room}/planted.cpp", f'#include "{later}"\n')
    plant(copy / f"{room}/elsewhere/planted.cpp", f'#include "{earlier}"\n')
    rule = f"of {room} it may include:"
    assert Tree(copy).check() == [
        f'{room}/elsewhere/planted.cpp:1 includes "{earlier}"; {rule} nothing: it has no place in the order',
        f'{room}/record/planted.cpp:2 includes "{later}"; {rule} text, machine, doctor, plan, record',
        f'{room}/record/planted.cpp:3 includes "{above}"; {rule} text, machine, doctor, plan, record',
    ]


def test_the_documented_rooms_and_folders_are_those_of_the_tables():
    page = (ROOT / "docs/architecture.md").read_text()
    documented = {room for row in ROOM_ROW.findall(page) for room in re.findall(r"`([\w/]+)/`", row)}
    assert documented >= {room for room in ROOMS if not room.endswith(("tests", "beast-stock"))}
    for room, folders in FOLDERS.items():
        rows = re.search(rf"^\| `{room}/` \| `\w+` \|.*\n(\| \| `\w+` \|.*\n)*", page, re.MULTILINE)
        assert tuple(re.findall(r"^\|.*?\| `(\w+)` \|", rows[0], re.MULTILINE)) == folders
        assert {path.name for path in (ROOT / room).iterdir() if path.is_dir()} == set(folders)


def test_a_link_against_the_arrows_is_found(copy):
    plant(copy / "core/http/CMakeLists.txt", "# kvduel::core_kv\nkvduel_room(core_http\n    LINKS kvduel::core_store)\n")
    plant(copy / "harness/cli/CMakeLists.txt", "kvduel_room(harness_cli EXTERNAL nlohmann_json::nlohmann_json)\n")
    plant(copy / "harness/load/CMakeLists.txt", "kvduel_room(harness_plan)\n")
    assert [breach.split(";")[0] for breach in Tree(copy).check()] == [
        "core/http/CMakeLists.txt:3 links kvduel::core_store",
        "harness/cli/CMakeLists.txt:1 links nlohmann_json::nlohmann_json",
        "harness/load/CMakeLists.txt:1 links harness_plan",
    ]


def test_only_a_header_that_a_file_includes_first_counts_as_compiled(tmp_path):
    for name in ("first", "second", "deep"):
        plant(tmp_path / f"core/http/{name}.hpp", "#pragma once\n")
    plant(tmp_path / "core/http/unused.hpp", '#pragma once\n#include "core/http/deep.hpp"\n')
    plant(tmp_path / "core/http/first.cpp", '// Why.\n#include "core/http/first.hpp"\n#include "core/http/second.hpp"\n')
    left = [header.name for header in Tree(tmp_path).headers_first_in_no_file()]
    assert left == ["second.hpp", "unused.hpp"]


def test_a_header_that_leans_on_its_includer_is_found(tmp_path):
    plant(tmp_path / "core/alone.hpp", "#include <string>\ninline std::string text;\n")
    plant(tmp_path / "core/leaning.hpp", "inline std::string text;\n")
    assert compile_alone(tmp_path, tmp_path / "core/alone.hpp") == ""
    assert compile_alone(tmp_path, tmp_path / "core/leaning.hpp").startswith("core/leaning.hpp does not compile alone")
