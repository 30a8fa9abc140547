"""What tells the cells of a scenario apart, in words as short as a label: "64 connections", "0.7 of capacity"."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from kvreport.tree import Tree
from kvreport.units import bytes_text, count_text, us_text

# Set by others: a share of the capacity gives the rate, and a rate its loop.
FOLLOWING = {"rate_per_s": "load_fraction", "arrivals": "loop"}
BACKGROUNDS = {"idle": "idle", "slow-readers": "slow readers", "slow-senders": "slow senders", "noise": "malformed"}


def canonical(parameters: Tree) -> str:
    """Equal for equal cells, whatever the order of the keys."""
    return json.dumps(parameters, sort_keys=True, separators=(",", ":"))


def flat(parameters: Tree) -> dict[str, Any]:
    """One level: server.work_wait_us, workload.value_bytes; the backgrounds stay a list."""
    values: dict[str, Any] = {}
    for name, value in parameters.items():
        if name in ("server", "workload"):
            values |= {f"{name}.{key}": inner for key, inner in value.items()}
        else:
            values[name] = value
    return values


def varying(cells: Sequence[Tree], swept: Iterable[str]) -> list[str]:
    """The keys that differ between the cells, the swept ones first."""
    rows = [flat(cell) for cell in cells]
    names = list(dict.fromkeys(name for row in rows for name in row))
    different = [name for name in names if len({json.dumps(row.get(name), sort_keys=True) for row in rows}) > 1]
    different = [name for name in different if FOLLOWING.get(name) not in different]
    first = [name for name in swept if name in different]
    return first + [name for name in different if name not in first]


def background_text(background: Sequence[Tree]) -> str:
    if not background:
        return "alone"
    return "beside " + " and ".join(f"{count_text(of['connections'])} {BACKGROUNDS[of['kind']]}" for of in background)


def number_of(value: Any) -> float | None:
    """A swept value as a number, for an axis; a server's options are texts."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def value_text(name: str, value: Any) -> str:
    """One parameter in words."""
    number = number_of(value)
    match name:
        case "background":
            return background_text(value)
        case "connections":
            return f"{count_text(value)} connection{'s' if value != 1 else ''}"
        case "load_fraction" if number is not None:
            return f"{number:g} of capacity"
        case "rate_per_s" if number is not None:
            return f"{count_text(number)}/s"
        case "pipeline":
            return f"{value} in flight each"
        case "workload.value_bytes":
            return f"{bytes_text(value)} values"
        case "server.store":
            return str(value)
        case "slice_s":  # only where contenders take turns; reports leave it out where they do not
            return f"turns of {us_text(1e6 * number)}" if number is not None else "one after the other"
    key = name.rpartition(".")[2]
    if value is None:
        return f"no {key}"
    if key.endswith("_us") and number is not None:
        return f"{key[:-3].replace('_', ' ')} {us_text(number)}"
    if key in ("workers", "threads"):
        return f"{value} {key.removesuffix('s') if value in (1, '1') else key}"
    return f"{key.replace('_', ' ')} {value if not isinstance(value, dict) else canonical(value)}"


# What an axis says, and how many of the report's units are one of its own.
AXES = {
    "connections": ("connections", 1),
    "load_fraction": ("offered rate as a share of the slower contender's capacity", 1),
    "rate_per_s": ("offered rate, requests a second", 1),
    "pipeline": ("requests in flight on a connection", 1),
    "workload.value_bytes": ("size of a value, bytes", 1),
    "server.work_wait_us": ("wait of a handler, ms", 1000),
    "server.work_cpu_us": ("CPU of a handler, us", 1),
    "server.workers": ("workers of the pool", 1),
}


def axis_title(name: str) -> str:
    return AXES[name][0] if name in AXES else name.rpartition(".")[2].replace("_", " ")


def axis_value(name: str, value: float) -> float:
    """A parameter as its axis has it: in the unit of axis_title()."""
    return value / AXES[name][1] if name in AXES else value
