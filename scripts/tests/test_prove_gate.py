"""The proof of the gate: its bounds, what it counts as false, which builds meet, and how a file of it is gone on with."""

import json
import math
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import proof_file
import proof_plans
import proof_sizes
import proof_tables
import prove_gate


@pytest.mark.parametrize(
    ("errors", "runs", "bound"),
    # The table of the gate's guide: false alarms at most 5 and 10 %, detection at least 90 %.
    [(0, 59, 0.05), (1, 93, 0.05), (2, 124, 0.05), (3, 153, 0.05), (0, 29, 0.10), (1, 46, 0.10), (0, 20, 0.139)],
)
def test_the_bound_of_an_error_rate_is_clopper_and_pearsons(errors, runs, bound):
    assert proof_tables.upper_bound(errors, runs) <= bound + 5e-4
    assert proof_tables.upper_bound(errors, runs) > bound - 0.002


def test_no_runs_prove_nothing():
    assert proof_tables.upper_bound(0, 0) == 1.0
    assert proof_tables.upper_bound(3, 3) == 1.0


def test_a_plan_is_read_strictly(capsys):
    assert proof_plans.parse_plan("aa=2,cpu=3") == {"aa": 2, "cpu": 3}
    assert proof_plans.parse_plan("") == {}
    assert proof_plans.parse_plan("usual")["aa"] == 59
    with pytest.raises(SystemExit, match="64"):
        proof_plans.parse_plan("ab=2")
    assert "'ab=2' is not NAME=COUNT" in capsys.readouterr().err


def gate_line(plan, verdict, *named, seed=1):
    """A line of the proof's file whose gate called these metrics a regression."""
    endpoints = [["hot-get", "async", metric, 1.1, 1.0, 1.2, 0.001, "regression"] for metric in named]
    return {"plan": plan, "seed": seed, "flags": [], "verdict": verdict, "endpoints": endpoints}


def test_a_wrong_word_counts_as_false_and_an_inconclusive_one_apart():
    lines = [gate_line("aa", verdict) for verdict in ("pass", "pass", "regression", "inconclusive", "none")]
    row = proof_tables.table(lines).splitlines()[1].split()
    assert row[:7] == ["aa", "5", "2", "1", "1", "1", "1"]
    assert "2 of 4," in proof_tables.table(lines)


def test_the_right_word_for_a_metric_that_the_plant_does_not_move_is_false():
    lines = [gate_line("cpu", "regression", "cpu_us_per_request"), gate_line("cpu", "regression", "rss_max_bytes")]
    row = proof_tables.table(lines).splitlines()[1].split()
    assert row[:7] == ["cpu", "2", "0", "2", "0", "0", "1"]
    assert "1 of 2," in proof_tables.table(lines)


def test_half_a_plant_makes_neither_word_false_and_neither_right():
    assert "either word" in proof_tables.table([gate_line("cpu-half", "regression", "throughput_rps")])
    assert not any(proof_plans.is_false(gate_line("cpu-half", verdict)) for verdict in ("pass", "inconclusive"))
    assert not proof_plans.is_false(gate_line("cpu-half", "regression", "throughput_rps"))
    assert proof_plans.is_false(gate_line("cpu-half", "regression", "rss_max_bytes"))


def test_the_size_of_a_plant_is_the_median_of_the_endpoint_that_it_moves_most():
    lines = [gate_line("cpu", "regression", "cpu_us_per_request") for _ in range(3)]
    lines[0]["endpoints"][0][3] = 1.3
    lines[1]["endpoints"].append(["tail-at-load", "threads", "cpu_us_per_request", 1.05, 1.0, 1.2, 0.9, "pass"])
    assert "cpu_us_per_request    1.100   hot-get, async; all 1.050 to 1.100" in proof_tables.effects(lines)


def test_a_build_meets_itself_by_other_links_and_a_plant_by_its_own(tmp_path):
    for number in range(1, 17):
        (tmp_path / f"base/build/release/links/{number}").mkdir(parents=True)
    prove_gate.share_links(tmp_path)
    prove_gate.share_links(tmp_path)  # made already
    base, head = prove_gate.folders_of(tmp_path, "aa")
    numbers = [[(side / f"links/{place}").resolve().name for place in range(1, 9)] for side in (base, head)]
    assert numbers == [[str(n) for n in range(1, 9)], [str(n) for n in range(9, 17)]]
    assert prove_gate.folders_of(tmp_path, "cpu") == (base, head)
    assert prove_gate.folders_of(tmp_path, "lock") == (base, tmp_path / "lock/build/release")
    assert prove_gate.folders_of(tmp_path, "lock-half") == (base, tmp_path / "lock-half/build/release")


def test_what_a_link_moves_is_the_variance_between_pairs_of_links():
    # By hand: means 2 and 4 of two values each, 1 from their mean: between 4, within 2; (4 - 2) / 2 = 1.
    assert proof_tables.components([[1, 3], [3, 5]]) == (1, math.sqrt(2), 2)
    assert proof_tables.components([[1, 3], [1, 3]]) == (0, math.sqrt(2), 0)
    # Groups of 2 and 4: 6 - 20 / 6 = 8 / 3 values a group.
    link, within, f = proof_tables.components([[0, 2], [3, 5, 3, 5]])
    assert (within**2, f) == (pytest.approx(1.5), pytest.approx(8))
    assert link**2 == pytest.approx((12 - 1.5) / (8 / 3))


def test_links_meet_in_the_blocks_of_gates_of_one_build_alone():
    lines = [gate_line(plan, "pass", "throughput_rps", seed=seed) for plan in ("aa", "cpu") for seed in (1, 2)]
    for line in lines:
        line |= {"links": 8, "by_block": [[float(block) for block in range(12)]]}
    lines[0]["by_block"][0][1] = None
    groups = proof_tables.by_link(lines)["hot-get", "async", "throughput_rps"]
    assert groups[0] == [0.0, 8.0, 0.0, 8.0]
    assert groups[1] == [9.0, 1.0, 9.0]
    assert proof_tables.layout(lines).splitlines()[1].startswith("hot-get           async     throughput_rps")
    assert proof_tables.layout(lines[:1]) == ""


def test_a_proof_is_of_one_commit(tmp_path, capsys):
    line = gate_line("aa", "pass") | {"git_sha": ["a" * 40, "a" * 40]}
    proof_file.refuse_others([line], "a" * 40, [], tmp_path)
    with pytest.raises(SystemExit, match="65"):
        proof_file.refuse_others([line], "b" * 40, [], tmp_path)
    assert "give another --out" in capsys.readouterr().err


def test_the_gates_of_a_plan_were_all_asked_for_the_same(tmp_path, capsys):
    burnt = gate_line("cpu", "regression") | {"flags": ["--head-args", "--work-cpu-us 4@12.1%"]}
    waited = gate_line("wait", "regression") | {"flags": ["--head-args", "--work-wait-us 300@2%"]}
    proof_file.refuse_others([burnt, waited, gate_line("aa", "pass")], None, [], tmp_path)
    longer = waited | {"flags": ["--head-args", "--work-wait-us 694@2%"]}
    for lines, extra in (([longer], []), ([waited], ["--duration", "3"]), ([gate_line("wait", "pass")], [])):
        with pytest.raises(SystemExit, match="65"):
            proof_file.refuse_others(lines, None, extra, tmp_path)
    assert "wait 1 with the flags --head-args --work-wait-us 694@2%" in capsys.readouterr().err


def test_a_gate_that_was_cut_off_in_its_file_is_one_line_and_no_traceback(tmp_path, capsys):
    proof = tmp_path / "proof.jsonl"
    assert proof_file.read_lines(proof) == []
    proof_file.append_line(proof, gate_line("aa", "pass"))
    proof_file.append_line(proof, gate_line("cpu", "regression"))
    assert [line["plan"] for line in proof_file.read_lines(proof)] == ["aa", "cpu"]
    for damaged in (proof.read_text()[:-20], proof.read_text() + "{}\n", proof.read_text() + "7\n"):
        (tmp_path / "damaged.jsonl").write_text(damaged)
        with pytest.raises(SystemExit, match="65"):
            proof_file.read_lines(tmp_path / "damaged.jsonl")
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 3 and "damaged.jsonl, line 2: not a gate" in said[0]


def test_the_proof_that_is_kept_can_be_gone_on_with():
    for path in (ROOT / "results/gate-proof").glob("?" * 12 + ".jsonl"):
        lines = proof_file.read_lines(path)
        assert all(line["flags"] == [] for line in lines if line["plan"] == "aa")
        proof_file.refuse_others(lines, lines[0]["git_sha"][0], [], path)


def test_what_is_no_gate_leaves_no_line_and_ends_the_work(tmp_path, monkeypatch):
    kvduel = tmp_path / "base/build/release/bin/kvduel"
    kvduel.parent.mkdir(parents=True)
    kvduel.write_text("#!/bin/sh\necho 'kvduel: --bogus is not a flag' >&2\nexit 64\n")
    kvduel.chmod(0o755)
    proof = tmp_path / "proof.jsonl"
    monkeypatch.setattr(sys, "argv", ["prove_gate", "--builds", str(tmp_path), "--out", str(proof), "--plan", "aa=1"])
    monkeypatch.setattr(prove_gate, "commit_of", lambda _: "a" * 40)
    with pytest.raises(SystemExit, match="64"):
        prove_gate.main()
    assert not proof.exists()


def test_a_proof_goes_on_where_it_ended_and_in_turns():
    plan = {"aa": 2, "cpu": 1}
    assert proof_file.missing(plan, []) == [("aa", 1), ("cpu", 1), ("aa", 2)]
    assert proof_file.missing(plan, [gate_line("aa", "pass", seed=1)]) == [("cpu", 1), ("aa", 2)]


def test_a_plant_is_as_large_as_the_tolerance_on_this_machine():
    medians = [("hot-get", "async", 10), ("hot-get", "threads", 12), ("hot-get-burning", "async", 14.9)]
    summary = [
        {"scenario": scenario, "contender": server, "metric": "cpu_us_per_request", "median": median}
        for scenario, server, median in medians
    ]
    assert proof_sizes.sizes_of(summary) == {
        "burn_us": 4,
        "cpu_share": 14.3,  # 7 % of 10 us in burns of 4.9 us
        "cpu_half_share": 7.1,
        "hold_ns": 700,
    }


def test_a_burn_that_cannot_have_cost_that_gives_no_size(capsys):
    def summary(burning):
        medians = {"hot-get": 10, "hot-get-burning": burning}
        common = {"contender": "async", "metric": "cpu_us_per_request"}
        return [common | {"scenario": scenario, "median": median} for scenario, median in medians.items()]

    for burning in (9.0, 10.0, 10.5, 40.0):
        with pytest.raises(SystemExit, match="3"):
            proof_sizes.sizes_of(summary(burning))
    assert "measure again on a quieter machine" in capsys.readouterr().err


def test_sizes_are_kept_for_one_commit_on_one_machine(tmp_path, monkeypatch):
    measured = iter(({"hold_ns": 1}, {"hold_ns": 2}))
    monkeypatch.setattr(proof_sizes, "measure", lambda _: next(measured))
    builds = tmp_path / "trees"
    assert [proof_sizes.kept_or_measured(builds, "a on this")["hold_ns"] for _ in range(2)] == [1, 1]
    assert proof_sizes.kept_or_measured(builds, "a on that")["hold_ns"] == 2
    assert proof_sizes.this_machine() == proof_sizes.this_machine() != ""


def test_the_end_of_the_proof_is_the_end_of_its_gate(tmp_path):
    kvduel = tmp_path / "base/build/release/bin/kvduel"
    kvduel.parent.mkdir(parents=True)
    kvduel.write_text(f'#!/bin/sh\necho $$ >"{tmp_path}/begun"\nexec sleep 60\n')
    kvduel.chmod(0o755)
    begun = tmp_path / "begun"
    os.mkfifo(begun)  # to be read is to wait for the gate
    subprocess.run(("git", "init", "-q", str(tmp_path / "base")), check=True)
    command = (sys.executable, ROOT / "scripts/prove_gate.py", "--builds", tmp_path, "--measure-sizes")
    with subprocess.Popen(command, stdin=subprocess.DEVNULL) as proof:
        pid = int(begun.read_text())
        proof.terminate()
        assert proof.wait(timeout=30) == 128 + signal.SIGTERM
    assert not Path(f"/proc/{pid}").exists()


def test_the_plants_are_sized_by_the_tolerances_that_hold():
    lines = (ROOT / "harness/gate/tolerances.json").read_text().splitlines()
    tree = json.loads("\n".join(line for line in lines if not line.strip().startswith("//")))
    of = {row["metric"]: row["worse"] for row in tree["tolerances"] if "scenario" not in row}
    assert of["cpu_us_per_request"] == proof_sizes.CPU


def test_every_size_that_a_plan_or_a_plant_names_is_measured():
    sizes = dict.fromkeys(("burn_us", "cpu_share", "cpu_half_share", "hold_ns"), 123)
    flags = [flag.format(**sizes) for plan in proof_plans.PLANS.values() for flag in plan.flags]
    assert "--work-cpu-us 123@123%" in flags
    assert proof_plans.flags_of("cpu", sizes, ["--budget", "5m"]) == ["--head-args", "--work-cpu-us 123@123%", "--budget", "5m"]
    assert proof_sizes.sizes_in(prove_gate.patch_of("lock"), sizes) == {"hold_ns": 123}
    assert proof_sizes.sizes_in(prove_gate.patch_of("lock-half"), sizes, proof_plans.PLANS["lock-half"].share) == {"hold_ns": 62}
    assert proof_sizes.sizes_in(prove_gate.patch_of("memory"), sizes) == {"waste_bytes": 1 << 20}
    assert proof_sizes.sizes_in(prove_gate.patch_of("cpu"), sizes) == {}
    plants = [proof_sizes.rendered(path.read_text(), sizes) for path in (ROOT / "scripts/plants").iterdir()]
    assert sum("nanoseconds(123)" in plant for plant in plants) == 1 and not any("@copy" in plant for plant in plants)
    assert "std::array<char, 8192> copy{}" in proof_sizes.rendered(prove_gate.patch_of("copy-half"), sizes, 0.5)
    with pytest.raises(KeyError):
        proof_sizes.rendered("@no_such_size@", sizes)


@pytest.mark.parametrize("plant", sorted(path.name for path in (ROOT / "scripts/plants").iterdir()))
def test_every_plant_fits_the_servers_as_they_are(plant):
    command = ("git", "apply", "--check", f"scripts/plants/{plant}")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stderr}; make the patch anew"


def test_every_patch_of_a_plan_is_there():
    assert {plan.patch for plan in proof_plans.PLANS.values() if plan.patch} == {
        path.stem for path in (ROOT / "scripts/plants").iterdir()
    }
