"""The file of a proof: a line a gate, gone on with from day to day, and what of it belongs together."""

import json
import sys

from exit_codes import BAD_INPUT
from proof_plans import is_of_plan


def refuse(text):
    print(f"prove_gate: {text}", file=sys.stderr)
    raise SystemExit(BAD_INPUT)


def read_lines(path):
    """The gates of the file; none if it is not there. What was cut off in the middle of a line ends the work."""
    lines = []
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines() if path.exists() else (), 1):
        try:
            line = json.loads(text)
            line["plan"], line["seed"], line["verdict"]
            lines.append(line)
        except (ValueError, KeyError, TypeError):
            refuse(f"{path}, line {number}: not a gate; take the line out, and its gate is held again")
    return lines


def append_line(path, line):
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def missing(plan, lines):
    """(name, seed) of the gates to be run, in turns: an end before the end has something of each."""
    done = {(line["plan"], line["seed"]) for line in lines}
    turns = max(plan.values(), default=0)
    return [
        (name, turn) for turn in range(1, turns + 1) for name, count in plan.items() if turn <= count and (name, turn) not in done
    ]


def refuse_others(lines, commit, extra, path):
    """A bound is of one commit's gates, and all of a plan are alike: what else was asked of them would stand in it unseen."""
    of_others = {line["git_sha"][0] for line in lines if line.get("git_sha")} - {commit}
    if of_others:
        refuse(f"{path} holds gates of {', '.join(sorted(of_others))}, not of {commit}; give another --out")
    for line in lines:
        if not is_of_plan(line, extra):
            refuse(
                f"{path} holds {line['plan']} {line['seed']} with the flags {' '.join(line['flags']) or 'of none'}: not what "
                "is asked for now; give another --out"
            )
