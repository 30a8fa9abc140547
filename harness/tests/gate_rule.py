"""The rule of kvduel gate once more, from what docs/ci.md says of it and a gate.json alone: centre and p of every endpoint."""

import itertools
import math
import statistics

POOL_BLOCKS = 4  # the weight of the metric's mean variance in an endpoint's
LEAST_VARIANCE = 1e-6


def differences(row):
    """ln(head / base) by block, positive is worse, without the effect of the place in the pair; None where no pair is valid."""
    worse = -1 if row["is_higher_better"] else 1
    pairs = [block and (worse * math.log(block["ratio_head_over_base"]), block["head_first"]) for block in row["by_block"]]
    by_order = [[d for d, first in filter(None, pairs) if first == is_first] for is_first in (True, False)]
    slot = (statistics.mean(by_order[0]) - statistics.mean(by_order[1])) / 2 if all(by_order) else 0
    return [pair and pair[0] - (slot if pair[1] else -slot) for pair in pairs]


def centre(row):
    """The ratio that Hodges and Lehmann's estimate gives: the median of the means of all pairs of differences."""
    present = [d for d in differences(row) if d is not None]
    walsh = statistics.median((a + b) / 2 for a, b in itertools.combinations_with_replacement(present, 2))
    return math.exp(-walsh if row["is_higher_better"] else walsh)


def t_values(family, metrics):
    own = []
    for present in family:
        mean = statistics.mean(present)
        own.append(max(sum((d - mean) ** 2 for d in present) / (len(present) - 2), LEAST_VARIANCE))
    pooled = {metric: statistics.mean(v for v, m in zip(own, metrics, strict=True) if m == metric) for metric in metrics}
    values = []
    for present, variance, metric in zip(family, own, metrics, strict=True):
        n = len(present)
        leaned = ((n - 2) * variance + POOL_BLOCKS * pooled[metric]) / (n - 2 + POOL_BLOCKS)
        values.append(statistics.mean(present) / math.sqrt(leaned / n))
    return values


def p_values(rows):
    """The share of all sign vectors, a sign turning a whole block, under which some endpoint's t is as large as this one's."""
    family, metrics = [differences(row) for row in rows], [row["metric"] for row in rows]
    blocks = len(family[0])

    def under(signs):
        turned = [[s * d for s, d in zip(signs, own, strict=True) if d is not None] for own in family]
        return t_values(turned, metrics)

    observed = under([1] * blocks)
    largest = [max(under(signs)) for signs in itertools.product((1, -1), repeat=blocks)]
    return [sum(most >= t - 1e-9 * abs(t) for most in largest) / len(largest) for t in observed]
