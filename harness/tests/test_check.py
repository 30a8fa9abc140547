"""`kvduel check` and the JSON Schema: a doctored report is refused, and both refuse the same shapes."""

import copy
import gzip
import json

import jsonschema
import pytest

from conftest import IS_SANITIZED


def check(kvduel, report):
    ended = kvduel("check", kvduel.write("doctored.json", report))
    assert ended.out == "" or ended.code == 0
    return ended


def set_at(*path, value):
    def doctor(report):
        for step in path[:-1]:
            report = report[step]
        report[path[-1]] = value(report[path[-1]]) if callable(value) else value

    return doctor


DOCTORED = {
    "sent": set_at("trials", 0, "requests", "sent", value=lambda n: n + 1),
    "succeeded": set_at("trials", 0, "requests", "succeeded", value=lambda n: n - 1),
    "status counts": set_at("trials", 0, "status_counts", "200", value=lambda n: n + 1),
    "throughput": set_at("trials", 0, "throughput_rps", value=lambda n: n * 1.1),
    "percentile": set_at("trials", 0, "latency_us", "p90", value=lambda n: n * 1.01),
    "maximum": set_at("trials", 0, "latency_us", "max", value=lambda n: n * 2),
    "mean": set_at("trials", 0, "service_time_us", "mean", value=lambda n: n * 1.1),
    "verdict": set_at("trials", 0, "verdict", value="invalid"),
    "server's count": set_at("trials", 0, "server", "requests_counted", value=0),
    "cost": set_at("trials", 0, "server", "cpu_s", value=lambda n: n * 2),
    "shorter window": set_at("trials", 0, "parameters", "duration_s", value=lambda n: n * 2),
    "interval": set_at("trials", 0, "intervals", 0, "duration_s", value=9),
    "summary": set_at("summary", 0, "median", value=lambda n: n + 1),
    "contender": set_at("trials", 0, "contender", value="other"),
    "comparison": set_at("comparisons", 0, "ratio_second_over_first", value=lambda ratio: ratio * 1.01),
}


@pytest.mark.parametrize("doctor", DOCTORED.values(), ids=DOCTORED)
def test_doctored_arithmetic_is_refused_with_its_place(real_report, schema, doctor):
    program, _ = real_report
    report = program.report()
    doctor(report)
    jsonschema.Draft202012Validator(schema).validate(report)  # a schema cannot see it
    ended = check(program, report)
    assert ended.code == 65
    assert ended.err.startswith("kvduel: doctored.json#/") and ended.err.count("\n") == 1


def fields_of(tree, path=()):
    """Paths of every field of the first element of each list."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield (*path, key)
            yield from fields_of(value, (*path, key))
    elif isinstance(tree, list) and tree:
        yield from fields_of(tree[0], (*path, 0))


def first_elements(tree):
    """The tree with each list cut to its first element: every shape is left, and it is validated sooner."""
    if isinstance(tree, dict):
        return {key: first_elements(value) for key, value in tree.items()}
    return [first_elements(value) for value in tree[:1]] if isinstance(tree, list) else tree


def test_check_and_schema_refuse_the_same_shapes(real_report, schema):
    program, _ = real_report
    whole = program.report()
    validator = jsonschema.Draft202012Validator(schema)
    assert validator.is_valid(first_elements(whole))
    fields = list(fields_of(whole))
    assert len(fields) > 150
    for path in fields[:: 4 if IS_SANITIZED else 1]:
        report = copy.deepcopy(whole)
        parent = report
        for step in path[:-1]:
            parent = parent[step]
        parent[path[-1]] = {"unlike": ["any", "field"]}
        assert not validator.is_valid(first_elements(report)), path
        ended = check(program, report)
        assert ended.code == 65, path


@pytest.mark.parametrize("part", ["tool", "run", "environment", "suite"])
def test_check_and_schema_refuse_a_field_too_many_and_one_too_few(real_report, schema, part):
    program, _ = real_report
    validator = jsonschema.Draft202012Validator(schema)
    more = program.report()
    more[part]["unheard_of"] = 1
    assert not validator.is_valid(more)
    assert "unheard_of: unknown key" in check(program, more).err
    for key in program.report()[part]:
        fewer = program.report()
        del fewer[part][key]
        assert not validator.is_valid(fewer)
        assert f'the key "{key}" is missing' in check(program, fewer).err


def test_a_report_that_is_empty_cut_newer_or_not_a_number_says_which(real_report):
    program, _ = real_report
    text = (program.folder / "r.json").read_text()
    rows = [
        ("", "the file is empty"),
        (text[: len(text) // 2], "not JSON"),
        (text.replace("kvduel.report/1", "kvduel.report/2", 1), '"kvduel.report/2" is not a schema this kvduel reads'),
        (text.replace('"load_average_1m": ', '"load_average_1m": NaN, "x": ', 1), "not JSON"),
    ]
    for content, says in rows:
        program.write("bad.json", content)
        for command in ("check", "show"):
            ended = program(command, "bad.json")
            assert (ended.code, ended.out) == (65, "")
            assert says in ended.err


def test_a_report_written_by_hand_in_another_order_is_still_sound(real_report):
    program, _ = real_report
    report = json.loads(json.dumps(program.report(), sort_keys=True))
    assert check(program, report).code == 0


def test_a_compressed_report_is_read_like_any_and_a_cut_one_refused(real_report):
    program, _ = real_report
    packed = gzip.compress((program.folder / "r.json").read_bytes())
    (program.folder / "r.json.gz").write_bytes(packed)
    assert program("check", "r.json.gz").code == 0
    assert program("show", "r.json.gz").out == program("show", "r.json").out
    (program.folder / "cut.json.gz").write_bytes(packed[: len(packed) // 2])
    ended = program("show", "cut.json.gz")
    assert (ended.code, ended.out) == (65, "")
    assert "not a whole gzip file" in ended.err
