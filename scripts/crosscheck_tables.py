"""The summary of a cross-check and its tables: medians over rounds, with the least and the most."""

import statistics

FIGURES = ("rps", "p50_us", "p90_us", "p99_us", "log_p50_us", "log_p99_us", "cpu_us_per_request")


def summarise(runs):
    """For each server and tool the median, least and most of each figure, and the ratio of its throughput to wrk's."""
    rows = []
    for server, tool in dict.fromkeys((run["server"], run["tool"]) for run in runs):
        mine = [run for run in runs if (run["server"], run["tool"]) == (server, tool)]
        row = {
            "server": server,
            "tool": tool,
            "rounds": len(mine),
            "errors": sum(run["errors"] for run in mine),
            "failed_runs": sum(run["exit_code"] != 0 for run in mine),
            "invalid": sorted({run["invalid"] for run in mine if run.get("invalid")}),
        }
        for name in FIGURES:
            values = [run[name] for run in mine if run.get(name) is not None]
            row[name] = {"median": statistics.median(values), "least": min(values), "most": max(values)} if values else None
        rows.append(row)
    wrk = {row["server"]: row["rps"]["median"] for row in rows if row["tool"] == "wrk" and row["rps"]}
    for row in rows:
        has_both = row["server"] in wrk and row["rps"]
        row["rps_to_wrk"] = row["rps"]["median"] / wrk[row["server"]] if has_both else None
    return rows


def failures(rows):
    """A line for each tool that did not end well. In a closed loop kvduel is meant to fill its CPU here, and calls that
    `generator_saturated`: as a figure of the server it would be a lie, as one of the generator it is the answer."""
    return [
        f"{row['tool']} ended with an error in {row['failed_runs']} of {row['rounds']} runs against {row['server']}"
        + (f" (it calls its trial invalid: {'; '.join(row['invalid'])})" if row["invalid"] else "")
        for row in rows
        if row["failed_runs"]
    ]


def number(value, digits=3):
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.{digits}g}"


def align(rows):
    """Text columns: the first to the left, numbers to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        lines.append("  " + "  ".join(cells).rstrip())
    return "\n".join(lines)


def throughput_table(rows):
    head = ["generator", "RPS", "least", "most", "to wrk", "CPU us/req", "P50 us", "P99 us", "errors"]
    body = []
    for row in rows:
        medians = [median_of(row, name, 3) for name in ("cpu_us_per_request", "p50_us", "p99_us")]
        ratio = "-" if row["rps_to_wrk"] is None else f"{row['rps_to_wrk']:.2f}"
        body.append(
            [
                row["tool"],
                *(number(row["rps"][part] if row["rps"] else None) for part in ("median", "least", "most")),
                ratio,
                *medians,
                str(row["errors"]),
            ]
        )
    return align([head, *body])


def median_of(row, name, digits=4):
    return number(row[name]["median"] if row[name] else None, digits)


def latency_table(rows):
    head = ["generator", "P50 us", "in the log", "P99 us", "in the log", "P99 least", "P99 most", "RPS", "CPU us/req", "errors"]
    body = []
    for row in rows:
        p99 = row["p99_us"] or {}
        body.append([
            row["tool"], *(median_of(row, name) for name in ("p50_us", "log_p50_us", "p99_us", "log_p99_us")),
            number(p99.get("least"), 4), number(p99.get("most"), 4), median_of(row, "rps"),
            median_of(row, "cpu_us_per_request", 3), str(row["errors"]),
        ])  # fmt: skip
    return align([head, *body])


def show(report):
    where = report["conditions"]
    print(
        f"{where['cpu_model']}, {where['cpus']} CPUs, Linux {where['kernel']}; server on CPU {where['server_cpus']}, "
        f"load on {where['load_cpus']}; load average {where['load_average_1m']:.2f} before; commit {where['commit']}"
    )
    print("; ".join(where["tools"].values()))
    for server in ("kvduel-null", "kvduel-async"):
        rows = [row for row in report["summary"] if row["server"] == server]
        if rows:
            print(
                f"\n{server}: closed loop, {where['connections']} connections, medians of {where['rounds']} rounds "
                f"of {where['duration_s']:g} s\n{throughput_table(rows)}"
            )
    rows = [row for row in report["summary"] if row["server"] == "kvduel-truth"]
    if rows:
        print(
            f"\nkvduel-truth, {where['delay_us']} us: {where['rate_per_s']:g} requests/s, {where['connections']} connections\n"
            f"{latency_table(rows)}"
        )
    for line in failures(report["summary"]):
        print(f"\n{line}")
