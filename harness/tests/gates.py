"""Gates in little: short trials, and tolerances so wide that this machine's noise is far below them."""

import json

from conftest import suite

WIDE = {"tolerances": [{"metric": "cpu_us_per_request", "worse": 2.0}, {"metric": "throughput_rps", "worse": 0.75}]}


def gate(kvduel, *arguments):
    kvduel.write("ci.json", suite("async", duration_s=0.12, warmup_s=0.05, connections=2))
    kvduel.write("wide.json", WIDE)
    return kvduel("gate", "--suite", "ci.json", "--tolerances", "wide.json", "--out", "out", "--no-progress", *arguments)


def kept(kvduel):
    return json.loads((kvduel.folder / "out/gate.json").read_text())
