"""Run by the Python of build/venv: what the package hdrhistogram reads from encoded histograms, as JSON.

stdin: [{"hdr": TEXT, "ranks": [1, ...], "values": [0, ...]}]; stdout, for each: the count, the value at each rank, and the
highest value of the bucket that each of the values is in, its minimum, maximum and mean.
"""

import json
import sys

from hdrh.histogram import HdrHistogram


def read(case):
    histogram = HdrHistogram.decode(case["hdr"])
    count = histogram.get_total_count()
    return {
        "count": count,
        # The package rounds q * N where we, as the Java original, round it up: asked by rank, both must agree.
        "at_ranks": [histogram.get_value_at_percentile(100 * rank / count) for rank in case["ranks"]],
        "bucket_ends": [histogram.get_highest_equivalent_value(value) for value in case["values"]],
        "min_bucket_end": histogram.get_highest_equivalent_value(histogram.get_min_value()),
        "max_bucket_end": histogram.get_highest_equivalent_value(histogram.get_max_value()),
        "mean": histogram.get_mean_value(),
    }


json.dump([read(case) for case in json.load(sys.stdin)], sys.stdout)
