"""The gates of the proof whose answer is known, and what of an answer is false; see scripts/prove_gate.sh."""

import re
import sys
from dataclasses import dataclass

from exit_codes import USAGE


@dataclass(frozen=True)
class Plan:
    """Gates of one kind: what head, or base, does besides, and what would be an error."""

    right: str  # the verdict that is wanted; "" where either may be right
    wrong: tuple  # verdicts that claim what is not so
    moves: tuple = ()  # metrics that the plant makes worse: a regression that names any other is a false alarm
    flags: tuple = ()  # of kvduel gate; {names} are sizes
    patch: str = ""  # head is base with this plant of scripts/plants, where @names@ are sizes
    share: float = 1  # of those sizes


# The tail is P99, and P90 where the tolerances judge that in its stead.
SLOWER = ("throughput_rps", "cpu_us_per_request", "latency_p99_us", "latency_p90_us")
# Of each server, by prove_gate.sh. Two commits never share a layout, so a build that meets itself does so by as many further
# links of the same objects: base is the first eight, head the next.
LINKS = 8
# Sizes are those that the tolerances promise to see (docs/ci.md has what each one measured). By what a request costs on this
# machine (proof_sizes.py) a share of the requests burns some us, or every lock is held for so much longer, that CPU a request
# rises by its tolerance; 16 KiB copied are some 7 % as well, and 1 MiB is a sixth of the memory of a server. 2 % that wait raise
# P99 of a saturated loop by more than its tolerance however short the wait, for they queue twice: wait-half is half a wait, not
# half a tolerance. Half a plant may be under the tolerance: regression and pass are both right there, and only a metric named
# that it does not move is wrong.
PLANS = {
    "aa": Plan("pass", ("regression",)),
    "cpu": Plan("regression", ("pass",), SLOWER, ("--head-args", "--work-cpu-us {burn_us}@{cpu_share}%")),
    "wait": Plan("regression", ("pass",), SLOWER, ("--head-args", "--work-wait-us 300@2%")),
    # Each thread that copies has 32 KiB for it: with 16 workers that is a tenth of the memory, too.
    "copy": Plan("regression", ("pass",), (*SLOWER, "rss_max_bytes"), patch="copy"),
    "lock": Plan("regression", ("pass",), SLOWER, patch="lock"),
    "memory": Plan("regression", ("pass",), ("rss_max_bytes",), patch="memory"),
    "cpu-half": Plan("", (), SLOWER, ("--head-args", "--work-cpu-us {burn_us}@{cpu_half_share}%")),
    "wait-half": Plan("", (), SLOWER, ("--head-args", "--work-wait-us 150@2%")),
    "copy-half": Plan("", (), (*SLOWER, "rss_max_bytes"), patch="copy", share=0.5),
    "lock-half": Plan("", (), SLOWER, patch="lock", share=0.5),
    "memory-half": Plan("", (), ("rss_max_bytes",), patch="memory", share=0.5),
    "faster": Plan("pass", ("regression",), (), ("--base-args", "--work-cpu-us 2")),
}
USUAL_PLAN = (
    "aa=59,cpu=29,wait=29,copy=10,lock=10,memory=10,cpu-half=10,wait-half=10,copy-half=10,lock-half=10,memory-half=10,faster=10"
)
ENDPOINT = ("scenario", "server", "metric", "ratio_head_over_base", "lower95", "upper95", "p", "verdict")


def parse_plan(text):
    plan = {}
    for part in filter(None, (USUAL_PLAN if text == "usual" else text).split(",")):
        name, _, count = part.partition("=")
        if name not in PLANS or not count.isdigit():
            print(f"prove_gate: {part!r} is not NAME=COUNT with a name of {', '.join(PLANS)}", file=sys.stderr)
            raise SystemExit(USAGE)
        plan[name] = int(count)
    return plan


def flags_of(name, sizes, extra=()):
    """What a gate of this plan is asked for besides its builds."""
    return [*(flag.format(**sizes) for flag in PLANS[name].flags), *extra]


def is_of_plan(line, extra):
    """Whether this gate was asked for what its plan asks for now, whatever the sizes were on its machine."""
    asked = [*PLANS[line["plan"]].flags, *extra]
    return len(asked) == len(line["flags"]) and all(
        re.fullmatch(re.sub(r"\\{\w+\\}", r"[0-9.]+", re.escape(flag)), had)
        for flag, had in zip(asked, line["flags"], strict=True)
    )


def is_false(line):
    """Whether the gate claimed what is not so: the wrong word, or the right one for a metric that nobody touched."""
    plan = PLANS[line["plan"]]
    if line["verdict"] in plan.wrong:
        return True
    named = {row["metric"] for row in map(as_row, line.get("endpoints", ())) if row["verdict"] == "regression"}
    return line["verdict"] == "regression" and not named <= set(plan.moves)


def as_row(values):
    return dict(zip(ENDPOINT, values, strict=True))
