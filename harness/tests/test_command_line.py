"""Bad command lines: the exit code, one line on stderr that says what is allowed, stdout empty, nothing started."""

import pytest

ROWS = [
    ([], 64, "no command; allowed: run, load, compare, gate, show, check, doctor, list"),
    (["rn"], 64, "did you mean run?"),
    (["compete", "a"], 64, '"compete" is not a command'),
    (["run"], 64, "run needs its SUITE"),
    (["run", "quick", "more"], 64, '"more": a second SUITE; allowed: one'),
    (["run", "nosuch"], 65, '"nosuch" is neither a built-in suite nor a file; suites: "aa", "ci", "crossover", "fidelity", "floor", "quick"'),
    (["run", "quik"], 65, 'did you mean "quick"?'),
    (["load", "http://127.0.0.1:1/", "--conection", "5"], 64, "--conection: not a flag of kvduel load; did you mean --connections?"),
    (["run", "quick", "--duration"], 64, "--duration: needs a value"),
    (["run", "quick", "--duration", "-1"], 64, "--duration -1: out of range; allowed: seconds from 0.001 to 86400"),
    (["run", "quick", "--duration", "nan"], 64, "--duration nan: not a number"),
    (["run", "quick", "--duration", "1e999"], 64, "--duration 1e999: not a number"),
    (["run", "quick", "--duration", "5parsecs"], 64, "--duration 5parsecs: not a number"),
    (["run", "quick", "--repetitions", "0"], 64, "--repetitions 0: out of range; allowed: an integer from 1 to 1000"),
    (["run", "quick", "--seed", "abc"], 64, "--seed abc: not an integer"),
    (["run", "quick", "--seed", "1", "--seed", "2"], 64, "--seed: given twice; allowed: once"),
    (["run", "quick", "--no-progress", "--no-progress"], 64, "--no-progress: given twice"),
    (["run", "quick", "--format", "xml"], 64, "--format xml: not a format; allowed: table, json, markdown, csv"),
    (["run", "quick", "--server-cpus", "0-99999"], 64, "--server-cpus 0-99999"),
    (["run", "quick", "--contenders", "async,nope"], 64, '"nope" is not a contender; allowed: threads,'),
    (["run", "quick", "--contenders", "async,async"], 64, '"async" appears twice'),
    (["run", "quick", "--contender", "x"], 64, "no '=' in it"),
    (["run", "quick", "--contender", 'x="a b'], 64, "a quote is not closed"),
    (["run", "quick", "--contender", "async=a"], 64, "is the id of another contender"),
    (["run", "quick", "--contender", "x=/no/such"], 69, 'contender "x": /no/such'),
    (["run", "quick", "--target", "http://127.0.0.1:1"], 69, "127.0.0.1:1: Connection refused"),
    (["run", "quick", "--target", "http://127.0.0.1:1/x"], 64, "has a path; allowed: http://HOST:PORT"),
    (["run", "quick", "--target", "127.0.0.1:1"], 64, "127.0.0.1:1"),
    (["run", "quick", "--resume", "no.json"], 65, "no.json: No such file or directory"),
    (["load", "http://127.0.0.1:1/"], 69, "127.0.0.1:1: Connection refused"),
    (["load", "http://127.0.0.1:1/", "--connections", "0"], 64, "--connections 0: out of range"),
    (["load", "http://127.0.0.1:1/", "--connections", "9" * 20], 64, "out of range; allowed: an integer from 1 to 65536"),
    (["load", "http://127.0.0.1:1/", "--rate", "0"], 64,
     "--rate 0: out of range; allowed: requests per second from 0.001 to 10000000"),
    (["load", "http://127.0.0.1:1/", "--rate", "20k"], 64, "--rate 20k: not a number; write --rate 20000"),
    (["load", "http://127.0.0.1:1/", "--rate", "fast"], 64, "--rate fast: not a number; allowed: requests per second from"),
    (["load", "http://127.0.0.1:1/", "--rate", "9", "--arrivals", "bursts"], 64,
     "--arrivals bursts: not arrivals; allowed: constant, poisson"),
    (["load", "http://127.0.0.1:1/", "--arrivals", "poisson"], 64,
     "--arrivals: belongs to the open loop; give it a rate: --rate R"),
    (["load", "http://127.0.0.1:1/", "--mix", "get=60,post=60"], 64, "allowed: get=N,post=N in percent that sum to 100"),
    (["load", "http://127.0.0.1:1/", "--workload", "hot"], 64, "--workload hot: not a workload; allowed: get-zipfian"),
    (["load", "http://127.0.0.1:1/x", "--keys", "5"], 64, "--keys: a path was given as well"),
    (["load", "https://h/"], 64, '"https://h/": https is not spoken'),
    (["load", "http://127.0.0.1:70000/"], 64, "its port is not a number from 1 to 65535"),
    (["check"], 64, "check needs its REPORT"),
    (["doctor", "now"], 64, '"now": kvduel doctor takes flags alone'),
    (["doctor", "--quik"], 64, "--quik: not a flag of kvduel doctor; did you mean --quick?"),
    (["doctor", "--connections", "0"], 64, "--connections 0: out of range; allowed: an integer from 1 to 65536"),
    (["doctor", "--rate", "0"], 64, "--rate 0: out of range"),
    (["doctor", "--load-cpus", "1023"], 64, "--load-cpus 1023: not a CPU this process may use; allowed: 0"),
    (["list", "suites", "--format", "xml"], 64, "--format xml: not a format; allowed: table, json, markdown, csv"),
    (["list", "things"], 64, "allowed: suites, scenarios, contenders, stores, workloads, metrics"),
    (["run", "quick", "--out", "/dev/full"], 73, "/dev/full: is not a regular file; it is never replaced"),
    (["run", "quick", "--out", "/proc/x.json"], 73, "/proc/x.json"),
    (["run", "quick", "--out", "/tmp"], 73, "/tmp: is a folder, not a file"),
    (["run", "quick", "--out", "no/such/folder/r.json"], 73, "No such file or directory; use --out PATH"),
]


@pytest.mark.parametrize(("arguments", "code", "says"), ROWS, ids=[" ".join(row[0]) or "nothing" for row in ROWS])
def test_a_bad_command_line_is_one_line_with_what_is_allowed(kvduel, arguments, code, says):
    ended = kvduel(*arguments)
    assert ended.code == code
    assert ended.out == ""
    assert ended.err.startswith("kvduel: ")
    assert ended.err.count("\n") == 1
    assert says in ended.err


@pytest.mark.parametrize("command", ["run", "load", "compare", "gate", "show", "check", "doctor", "list"])
def test_every_command_explains_itself_on_stdout(kvduel, command):
    ended = kvduel(command, "--help")
    assert (ended.code, ended.err) == (0, "")
    assert f"kvduel {command}" in ended.out


def test_help_names_the_commands_there_are_and_no_others(kvduel):
    ended = kvduel("--help")
    assert ended.code == 0
    assert [line.split()[1] for line in ended.out.splitlines() if line.startswith("  kvduel ")] == [
        "run", "load", "compare", "gate", "show", "check", "doctor", "list",
    ]


def test_version_is_one_line_that_names_the_build(kvduel):
    ended = kvduel("--version")
    assert ended.code == 0
    assert ended.out.startswith("kvduel 0.") and ended.out.count("\n") == 1


@pytest.mark.parametrize("what", ["suites", "scenarios", "contenders", "stores", "workloads", "metrics"])
def test_list_gives_a_line_for_each_thing(kvduel, what):
    ended = kvduel("list", what)
    assert (ended.code, ended.err) == (0, "")
    assert all(len(line.split()) >= 2 for line in ended.out.splitlines())
    assert len(ended.out.splitlines()) >= (1 if what == "suites" else 2)
