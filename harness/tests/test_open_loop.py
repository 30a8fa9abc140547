"""The open loop as suites have it. How many requests are due follows from rate and seed alone, so it is the same on any machine;
whether they left in time is the machine's doing, so a trial may rightly be invalid (3) here."""

import jsonschema

from conftest import of_figures, suite


def run(kvduel, *flags, **cell):
    """The trials of a suite of both servers in an open loop, and what the run printed."""
    kvduel.write("my.json", suite("threads", "async", loop="open", **cell))
    ended = kvduel("run", "my.json", "--no-progress", "--out", "r.json", *flags)
    assert ended.code in (0, 3), ended.err
    checked = kvduel("check", "r.json")
    assert (checked.code, checked.err) == (0, "")
    return kvduel.report()["trials"], ended.out


def due(trial):
    requests = trial["requests"]
    assert requests["unsent"] <= requests["waited_for_connection"] <= requests["sent"] + requests["unsent"]
    return requests["sent"] + requests["unsent"]


def test_a_constant_rate_is_due_that_often_and_the_report_and_its_table_say_so(kvduel, schema):
    trials, out = run(kvduel, rate_per_s=1000, duration_s=0.5)
    assert [due(trial) for trial in trials] == [500, 500]
    for trial in trials:
        parameters = trial["parameters"]
        assert (parameters["loop"], parameters["rate_per_s"], parameters["arrivals"]) == ("open", 1000, "constant")
    jsonschema.Draft202012Validator(schema).validate(kvduel.report())
    assert "mixed   open loop, constant arrivals, 1,000 requests/s, 4 connections\n" in out
    assert "sent/s" in out and "service P99 us" in out


@of_figures
def test_poisson_arrivals_are_those_of_the_seed_for_both_contenders(kvduel):
    counts = []
    for seed in (1, 1, 2):
        trials, _ = run(kvduel, "--seed", seed, rate_per_s=2000, arrivals="poisson", duration_s=0.25)
        assert due(trials[0]) == due(trials[1])
        counts.append(due(trials[0]))
    assert counts[0] == counts[1] != counts[2]
    assert all(abs(count - 500) < 6 * 500**0.5 for count in counts)
