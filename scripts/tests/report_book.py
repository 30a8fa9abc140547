"""The figures of a report as its JSON has them, to look up what a drawing says; shares no code with kvreport.

Marks name a scenario but not all parameters of a cell; an exact double and the contender tell the rows apart.
"""

import gzip
import json
import sys
from pathlib import Path
from statistics import fmean

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "harness/tests"))
import hdr_v2

QUANTILES = {"50": 0.5, "90": 0.9, "99": 0.99, "99.9": 0.999, "99.99": 0.9999, "99.999": 0.99999}


def read(path):
    return json.loads(gzip.decompress(path.read_bytes()))


def standing(contender, of_cell):
    """Of each block the latest valid trial in whose run somebody else's is valid, too; all valid ones of a contender that has
    none of these, or is alone."""
    valid = [of for of in of_cell if of["verdict"] == "valid"]
    own = sorted((of for of in valid if of["contender"] == contender), key=lambda of: of["repetition"])

    def others(trial, among):
        place = (trial["block"], trial["repetition"])
        return [of for of in among if (of["block"], of["repetition"]) == place and of["contender"] != contender]

    in_pairs = [of for of in own if others(of, valid)]
    return list({of["block"]: of for of in in_pairs or own}.values())


class Book:
    def __init__(self, tree):
        self.tree = tree
        self.trials = {}
        self.cells = {}
        for trial in tree["trials"]:
            cell = (trial["scenario"], json.dumps(trial["parameters"]))
            self.cells.setdefault(cell, []).append(trial)
            self.trials.setdefault((cell[0], trial["contender"], cell[1]), []).append(trial)

    def standing(self):
        """By cell and contender."""
        return {
            (scenario, contender, key): standing(contender, self.cells[scenario, key]) for scenario, contender, key in self.trials
        }

    def rows(self):
        return {
            (of["scenario"], of["contender"], of["metric"], of["median"], of["lower95"], of["upper95"], of["n"])
            for of in self.tree["summary"]
        }

    def comparisons(self):
        return {
            (of["scenario"], of["verdict"], of["ratio_second_over_first"], of["lower95"], of["upper95"], of["n"])
            for of in self.tree["comparisons"]
        }

    def expected(self):
        return {(of["scenario"], of["contender"], of["metric"], of["expected"]) for of in self.tree["expectations"]}

    def figures_of_trials(self):
        """Throughput and P99, with the verdict: an invalid trial must not pass for a valid one."""
        return {
            (of["scenario"], of["contender"], of["verdict"], value)
            for of in self.tree["trials"]
            for value in (of["throughput_rps"], of["latency_us"]["p99"])
        }

    def steps(self):
        return {
            (of["scenario"], of["contender"], step["rate_per_s"], step["p99_us"])
            for of in self.tree["searches"]
            for step in of["steps"]
        }

    def capacities(self):
        return {(of["contender"], of["median_rps"]) for of in self.tree["capacities"]}

    def searched(self):
        return {(of["scenario"], of["contender"], of["lower_rps"], of["upper_rps"]) for of in self.tree["searches"]}

    def targets(self):
        return {of["parameters"]["search"]["p99_us"] for of in self.tree["searches"]}

    def series(self):
        return {
            (of["scenario"], of["contender"], of["verdict"], name, of["block"], of["repetition"], value)
            for of in self.tree["trials"]
            for slice_ in of["intervals"]
            for name, value in (
                ("p50_us", slice_["p50_us"]),
                ("p99_us", slice_["p99_us"]),
                ("rate_per_s", slice_["completed"] / slice_["duration_s"]),
            )
        }

    def parts(self):
        """Means of the parts over the standing trials, rounded: a sum in another order ends in another digit."""
        found = set()
        for (scenario, contender, _), trials in self.standing().items():
            splits = [of["latency_split_us"] for of in trials if of["latency_split_us"]]
            for part in splits[0] if splits else ():
                found.add((scenario, contender, part, f"{fmean(of[part] for of in splits):.9g}"))
        return found

    def percentiles(self):
        """Of all standing trials of a cell merged, by the decoder of the harness's tests."""
        found = set()
        for (scenario, contender, _), trials in self.standing().items():
            merged = {}
            for trial in trials:
                for index, count in hdr_v2.decode(trial["latency_us"]["hdr"]).items():
                    merged[index] = merged.get(index, 0) + count
            if sum(merged.values()):
                found |= {
                    (scenario, contender, name, hdr_v2.percentile_us(merged, q), sum(merged.values()))
                    for name, q in QUANTILES.items()
                }
        return found

    def within_blocks(self):
        """The ratios of pairs, of every repetition in which both are valid."""
        found = set()
        for one in self.tree["comparisons"]:
            key = json.dumps(one["parameters"])
            sides = [
                {
                    (of["block"], of["repetition"]): of
                    for of in self.trials.get((one["scenario"], side, key), ())
                    if of["verdict"] == "valid"
                }
                for side in (one["first"], one["second"])
            ]
            for place in sides[0].keys() & sides[1].keys():
                values = [
                    side[place]["throughput_rps"] if one["metric"] == "throughput_rps" else side[place]["latency_us"]["p99"]
                    for side in sides
                ]
                if all(values):
                    found.add((one["scenario"], place[0], values[1] / values[0]))
        return found

    def slopes(self):
        """KiB a connection between any two cells of a scenario."""
        found = set()
        rows = [of for of in self.tree["summary"] if of["metric"] == "rss_max_bytes" and of["median"]]
        held = [
            of["parameters"]["connections"] + sum(each["connections"] for each in of["parameters"]["background"]) for of in rows
        ]
        for a, at in zip(rows, held, strict=True):
            for b, beside in zip(rows, held, strict=True):
                if (a["scenario"], a["contender"]) == (b["scenario"], b["contender"]) and at > beside:
                    found.add((a["contender"], f"{(a['median'] - b['median']) / (at - beside) / 1024:.9g}"))
        return found


def gate_rows(tree):
    return {
        (
            of["scenario"],
            of["server"],
            of["metric"],
            of["ratio_head_over_base"],
            of["lower95"],
            of["upper95"],
            of["tolerance"],
            of["verdict"],
            of["n"],
        )
        for of in tree["endpoints"]
    }
