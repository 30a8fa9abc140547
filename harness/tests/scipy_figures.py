"""Run by the Python of build/venv: what SciPy and brute force make of paired differences, as JSON.

stdin: [[d, ...], ...], one endpoint of differences each; stdout, for each: the centre, both intervals and the p.
"""

import itertools
import json
import sys

import numpy as np
from scipy import stats

SD_FLOOR = 0.005


def averages(d):
    return np.sort([(d[i] + d[j]) / 2 for i in range(len(d)) for j in range(i, len(d))])


def signed_rank_interval(d, confidence):
    """The shifts that Wilcoxon's exact test does not refuse: from one average of two to another."""
    walsh = averages(d)
    # The p of a shift just below the k-th average; at the average itself there is a tie.
    kept = [k for k in range(len(walsh) // 2)
            if stats.wilcoxon(d - (walsh[k] + walsh[k + 1]) / 2, mode="exact").pvalue > 1 - confidence]
    return [walsh[kept[0]], walsh[-1 - kept[0]]]


def t_interval(d, confidence):
    scale = max(np.std(d, ddof=1), SD_FLOOR) / np.sqrt(len(d))
    return list(stats.t.interval(confidence, len(d) - 1, loc=np.mean(d), scale=scale))


def sign_flip_p(d):
    """One endpoint alone: the share of sign vectors with as large a |t|, which is as large a |sum|."""
    sums = [abs(np.dot(signs, d)) for signs in itertools.product([-1, 1], repeat=len(d))]
    return float(np.mean(np.array(sums) >= abs(np.sum(d)) * (1 - 1e-9)))


def figures(d):
    few = len(d) < 6
    interval = t_interval if few else signed_rank_interval
    p = stats.ttest_1samp(d, 0).pvalue if few else sign_flip_p(d)
    return {"centre": np.median(averages(d)), "at95": interval(d, 0.95), "at90": interval(d, 0.90), "p": p}


json.dump([figures(np.array(d)) for d in json.load(sys.stdin)], sys.stdout, default=float)
