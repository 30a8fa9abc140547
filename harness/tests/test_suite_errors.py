"""A suite that breaks a rule: exit 65 and one line with file, JSON pointer and what is allowed."""

import pytest

HEAD = '{"suite": "s", "contenders": ["async"], '

ROWS = [
    ("", "my.json: the file is empty; expected JSON"),
    ("[1 2]", "my.json:1:4: not JSON: expected ',' or ']' after this item"),
    ("{\n  suite: 1}", "my.json:2:3: not JSON: expected a key in double quotes"),
    ('{"a": "\\ud800"}', "my.json:1:"),
    ('{"a": 1e999}', "my.json:1:7: not JSON: 1e999 is past the range of a number"),
    ('{"suite": "s", "suite": "t"}', "my.json#/suite: this key appears twice"),
    ("[" * 100_000, "nested deeper than 64 levels"),
    (HEAD + '"repetitions": 123456789012345678901234567890}', "my.json#/repetitions: this integer does not fit 64 bits"),
    (HEAD + '"repetitons": 5}', 'did you mean "repetitions"?'),
    (HEAD + '"scenarios": [{"id": "a"}, {"id": "b"}, {"id": "c", "loop": "opened"}]}',
     'my.json#/scenarios/2/loop: "opened" is not a loop; allowed: "closed", "open"'),
    (HEAD + '"scenarios": [{"id": "a", "loop": "open"}]}',
     'my.json#/scenarios/0/loop: "open" needs a rate_per_s or a load_fraction'),
    (HEAD + '"scenarios": [{"id": "a", "rate_per_s": 100}]}',
     'my.json#/scenarios/0/rate_per_s: belongs to the open loop; allowed with loop "open"'),
    (HEAD + '"scenarios": [{"id": "a", "load_fraction": [0.5]}]}',
     'my.json#/scenarios/0/load_fraction: belongs to the open loop; allowed with loop "open"'),
    (HEAD + '"scenarios": [{"id": "a", "search": {"p99": 5}}]}',
     'my.json#/scenarios/0/search/p99: unknown key; allowed: "p99_us", "error_ratio"'),
    (HEAD + '"defaults": {"conections": 8}, "scenarios": [{"id": "a"}]}',
     'my.json#/defaults/conections: unknown key; did you mean "connections"?'),
    (HEAD + '"scenarios": [{"id": "a", "connections": 0}]}',
     "my.json#/scenarios/0/connections: 0 is not allowed; allowed: an integer from 1 to 65536"),
    (HEAD + '"scenarios": [{"id": "a", "duration_s": "2"}]}',
     'my.json#/scenarios/0/duration_s: "2" is not allowed; allowed: a number from 0.001 to 86400'),
    (HEAD + '"scenarios": ["hot-gt"]}', 'my.json#/scenarios/0: "hot-gt" is not a scenario of the catalogue; allowed: "bimodal"'),
    (HEAD + '"scenarios": [{"from": "hot-gt"}]}', 'did you mean "hot-get"?'),
    (HEAD + '"scenarios": [{"id": "../a"}]}', 'my.json#/scenarios/0/id: "../a" is not allowed; allowed: an id'),
    (HEAD + '"scenarios": [{"id": "a", "server": {"thraeds": 2}}]}',
     'my.json#/scenarios/0/server/thraeds: no contender has this option; did you mean "threads"?'),
    (HEAD + '"scenarios": [{"id": "a", "sweep": {"connections": [8, 0]}}]}',
     "my.json#/scenarios/0/sweep/connections/1: 0 is not allowed; allowed: an integer from 1 to 65536"),
    (HEAD + '"scenarios": [{"id": "a", "refine": {"axis": "connections"}}]}',
     'my.json#/scenarios/0/refine/axis: "connections" is not swept here; allowed: "connections", "server.work_wait_us", where'),
    ('{"suite": "s", "contenders": ["nope"], "scenarios": [{"id": "a"}]}',
     'my.json#/contenders/0: "nope" is not a contender; allowed: "async"'),
]


@pytest.mark.parametrize(("text", "says"), ROWS)
def test_a_suite_that_breaks_a_rule_names_place_and_remedy(kvduel, text, says):
    ended = kvduel("run", kvduel.write("my.json", text))
    assert ended.code == 65
    assert ended.out == ""
    assert ended.err.startswith("kvduel: my.json") and ended.err.count("\n") == 1
    assert says in ended.err
    assert not (kvduel.folder / "results").exists()


def test_a_suite_that_is_not_utf8_or_too_large_is_refused(kvduel):
    (kvduel.folder / "bytes.json").write_bytes(b'{"suite": "\xff"}')
    assert "not JSON: this text is not UTF-8" in kvduel("run", "bytes.json").err
    (kvduel.folder / "large.json").write_bytes(b" " * (100 << 20))
    ended = kvduel("run", "large.json")
    assert ended.code == 65
    assert "large.json: larger than 1048576 bytes, the most allowed" in ended.err
