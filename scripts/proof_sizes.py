"""How large a plant must be on this machine to be as large as the gate's tolerance: where a request costs twice as much, the same
burn is half a slowdown. Measured in hot-get, where the plants show."""

import json
import platform
import re
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from exit_codes import BUSY, INVALID
from proof_patience import when_quiet

FIXED = {"copy_bytes": 16_384, "waste_bytes": 1 << 20}  # on any machine
BURN_US = 4  # long enough for what it costs (reading the clocks comes on top) to stand out of the noise
SUITE = {
    "suite": "plant-sizes",
    "title": "What a request costs here, and what a burn adds to it",
    "repetitions": 9,
    "contenders": ["async"],
    "defaults": {"duration_s": 1, "warmup_s": 0.25},
    "scenarios": ["hot-get", {"from": "hot-get", "id": "hot-get-burning", "server": {"work_cpu_us": str(BURN_US)}}],
}
CPU = 0.07  # the tolerance of harness/gate/tolerances.json that these plants are to reach; a test holds them equal


def measure(builds):
    """The sizes, by a run of kvduel of a minute; None from a busy machine. A mistake ends the work with its exit code."""
    with tempfile.TemporaryDirectory() as folder:
        suite, report = Path(folder) / "suite.json", Path(folder) / "report.json"
        suite.write_text(json.dumps(SUITE))
        command = [str(builds / "base/build/release/bin/kvduel"), "run", str(suite), "--out", str(report), "--no-progress"]
        # Its tables would stand on the stdout that has the sizes.
        done = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
        if done.returncode == BUSY:
            return None
        if done.returncode not in (0, INVALID):
            print("prove_gate: the sizes of the plants could not be measured; why stands above", file=sys.stderr)
            raise SystemExit(done.returncode)
        return sizes_of(json.loads(report.read_text())["summary"])


def sizes_of(summary):
    """From the medians of a report's summary, of async, the steadier server."""
    had = {(row["scenario"], row["metric"]): row["median"] for row in summary if row["contender"] == "async"}
    costs = [had.get((scenario, "cpu_us_per_request")) for scenario in ("hot-get", "hot-get-burning")]
    if None in costs:
        print(
            "prove_gate: no valid trial to take the sizes of the plants from: measure again on a quieter machine", file=sys.stderr
        )
        raise SystemExit(INVALID)
    cost, burn = costs[0], costs[1] - costs[0]
    if not BURN_US / 2 < burn < 4 * BURN_US:
        print(
            f"prove_gate: a burn of {BURN_US} us cost {burn:.2f} us a request beside {cost:.2f} us: no size can be had from "
            "that; measure again on a quieter machine",
            file=sys.stderr,
        )
        raise SystemExit(INVALID)
    share = CPU * cost / burn
    return {
        "burn_us": BURN_US,
        "cpu_share": round(100 * share, 1),
        "cpu_half_share": round(50 * share, 1),
        "hold_ns": round(1000 * CPU * cost),
    }


def kept_or_measured(builds, of):
    """Measured once for the trees of one commit on one machine, which `of` names: other sizes would be other builds."""
    kept = builds.parent / "plant-sizes.json"
    tree = json.loads(kept.read_text()) if kept.exists() else {}
    if tree.get("of") != of:
        tree = {"of": of, "sizes": when_quiet("sizes of the plants", partial(measure, builds))}
        kept.write_text(json.dumps(tree))
    return tree["sizes"]


def this_machine():
    """What decides how much a request costs: the kind of CPU."""
    models = re.findall(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    return f"{models[0] if models else platform.machine()} x {len(models)}"


def sizes_in(patch, sizes, share=1):
    """Those that the patch names, this share of them. Raises KeyError where it names none that there is."""
    known = FIXED | sizes
    return {name: round(share * known[name]) for name in re.findall(r"@(\w+)@", patch)}


def rendered(patch, sizes, share=1):
    """The patch with @hold_ns@ and its like replaced."""
    own = sizes_in(patch, sizes, share)
    return re.sub(r"@(\w+)@", lambda name: str(own[name[1]]), patch)
