"""The page: everything of a report in one file, escaped by Jinja2, with a policy that lets no script run but its own."""

import base64
import hashlib
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from kvreport import page_tables as tables
from kvreport import svg
from kvreport.cells import Scenario
from kvreport.parallel import map_forked
from kvreport.parameters import value_text
from kvreport.registry import DoesNotApply, Registered, all_figures
from kvreport.repeats import repeats, worst_of
from kvreport.report import Report
from kvreport.results import Crossing
from kvreport.sheet import Sheet, footer
from kvreport.style import looks_of
from kvreport.units import MIB
from kvreport.words import best, plural, tally

FOLDER = Path(__file__).resolve().parents[1] / "page"
PIXELS_AN_INCH = 96
STOPPED = {  # why a strip is wider than the step
    "undecided": "; undecided between",
    "bound": "; as many cells as allowed were put between",
    "unfinished": "; the run ended before it was narrowed",
}
MOST_SEARCHES = 4  # in the headline; all stand with their scenarios
UNFINISHED = "verdicts are made when a run ends: kvduel run --resume goes on with it, kvduel show makes those of what is here"
# What stands in a scenario's section, in this order; the others are drawn over all scenarios.
ORDER = ("crossover-map", "p99-vs-rate", "sweep", "latency-distribution", "memory", "time-series")
OVERVIEW = ("throughput", "latency-ladder", "paired-differences", "cost", "latency-split")


def render_page(report: Report) -> str:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )
    script = (FOLDER / "page.js").read_text(encoding="utf-8")
    drawn = draw_all(report)
    return environment.get_template("page.html").render(
        report=report,
        style=Markup((FOLDER / "page.css").read_text(encoding="utf-8")),
        script=Markup(script),
        script_sha256=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        headline=headline(report),
        warnings=warnings(report),
        swatches={of: tables.glyph(look) for of, look in looks_of(report.contenders).items()},
        verdicts=tables.verdict_table(report),
        no_verdicts=no_verdicts(report),
        overview=[view for view in drawn if view["scenario"] is None],
        scenarios=[scenario_view(report, of, drawn) for of in report.scenarios],
        codes=tables.code_rows(report),
        invalid=tables.invalid_rows(report),
        invalid_summary=invalid_summary(report),
        invalid_shown=min(len(report.invalid()), tables.MOST_INVALID),
        invalid_left=max(0, len(report.invalid()) - tables.MOST_INVALID),
        method=method(report),
        environment=environment_rows(report),
        doctor=[of for of in report.environment.doctor if of["verdict"] != "ok"],
        foot=footer(report),
    )


def draw_all(report: Report) -> list[dict[str, Any]]:
    """Every figure of a report that applies, the overview's first, as SVG without ids in common."""
    figures = {of.name: of for of in all_figures() if of.takes == "report"}
    order = [figures[name] for name in (*OVERVIEW, *ORDER) if name in figures]
    order += [of for of in figures.values() if of not in order]
    return [
        view
        for views in map_forked(lambda number: figure_views(order[number], report, f"f{number}"), len(order))
        for view in views
    ]


def figure_views(figure: Registered, report: Report, prefix: str) -> list[dict[str, Any]]:
    try:
        sheets = figure.sheets(report)
    except DoesNotApply:
        return []
    return [sheet_view(figure, sheet, f"{prefix}-{place}") for place, sheet in enumerate(sheets)]


def sheet_view(figure: Registered, sheet: Sheet, prefix: str) -> dict[str, Any]:
    return {
        "name": figure.name,
        "question": figure.question,
        "scenario": sheet.scenario,
        "width": round(sheet.width * PIXELS_AN_INCH * 1.05),
        "svg": Markup(svg.render(sheet, prefix, is_for_page=True)),
    }  # ElementTree has escaped what is in it


def scenario_view(report: Report, scenario: Scenario, drawn: list[dict[str, Any]]) -> dict[str, Any]:
    comparisons = [of for of in report.comparisons if of.cell.scenario == scenario.id]
    main = [of for of in comparisons if of.winner or of.metric == report.main_metric(of.cell)]
    facts = [("varies", scenario.varies), ("holds still", scenario.holds), ("theory expects", scenario.expects)]
    if scenario.inserted:
        facts.append(("inserted by the refinement", plural(scenario.inserted, "cell")))
    return {
        "of": scenario,
        "facts": [fact for fact in facts if fact[1]],
        "findings": findings(report, scenario),
        "sheets": [view for view in drawn if view["scenario"] == scenario.id],
        "columns": ["cell", "contender", *tables.COLUMNS.values(), "valid"],
        "rows": tables.summary_rows(report, scenario),
        "reasons": tables.reasons(main),
        "theory": tables.theory_rows(report, scenario),
    }


def findings(report: Report, scenario: Scenario) -> list[str]:
    texts = [boundary_text(of, scenario) for of in report.crossings if of.cell.scenario == scenario.id]
    return texts + [of.sentence() for of in report.searches if of.cell.scenario == scenario.id]


def boundary_text(crossing: Crossing, scenario: Scenario) -> str:
    """With its line, its pair, and why the strip is no narrower: two lines of one scenario may say opposite things."""
    others = [key for key in scenario.swept if key != crossing.axis]
    line = ", ".join(value_text(key, crossing.cell.flat.get(key)) for key in others)
    pair = f"{crossing.second} against {crossing.first}"
    return f"{f'{line}, ' if line else ''}{pair}: {crossing.sentence()}{STOPPED.get(crossing.stopped_by, '')}"


def headline(report: Report) -> str:
    """The answer in two sentences at most."""
    if not report.trials and report.searches:
        return f"{'. '.join(of.sentence() for of in report.searches[:MOST_SEARCHES])}."
    if not report.trials:
        return "Nothing was measured: the run has no trial."
    if not any(trial.is_valid for trial in report.trials):
        return f"Nothing stands: all {plural(len(report.trials), 'trial')} are invalid."
    mains = [of for of in report.comparisons if of.metric == report.main_metric(of.cell)]
    if not mains and report.run.finished_at is None:
        return f"{', '.join(report.contender_ids)}: measured; {UNFINISHED}."
    if not mains:
        return f"{', '.join(report.contender_ids)}: measured, compared with nobody."
    largest = best(mains)
    text = f"By the main metric of each cell: {tally(mains)}."
    return text if largest is None else f"{text} The largest: {largest.sentence()}."


def no_verdicts(report: Report) -> str:
    if len(report.contenders) < 2:
        return "No verdict: the run has one contender alone, and a verdict takes two."
    if report.run.finished_at is None:
        return f"No verdict: {UNFINISHED}."
    return "No verdict: nothing that both contenders measured is in the report."


def warnings(report: Report) -> list[dict[str, str]]:
    found = []
    if report.run.interrupted:
        found.append(
            {
                "word": "Interrupted.",
                "text": f"{plural(trials_done(report), 'trial')} of {report.run.trials_planned:,} planned were measured.",
            }
        )
    elif report.run.finished_at is None:
        found.append({"word": "Unfinished.", "text": "The run had not ended when the report was written, or was killed."})
    lost = len(report.invalid())
    if lost:
        found.append(
            {
                "word": f"{plural(lost, 'invalid trial')} of {len(report.trials):,}.",
                "text": "They are shown hollow, listed below, and enter no figure.",
            }
        )
    pairs = sum(of.pairs_lost for of in report.comparisons if of.metric == report.main_metric(of.cell))
    if pairs:
        found.append(
            {
                "word": f"{plural(pairs, 'pair')} lost.",
                "text": "Blocks of a cell in which one side stayed invalid; a cell that lost over a fifth is undecided.",
            }
        )
    if cells := repeats(report):
        found.append({"word": f"{plural(len(cells), 'cell')} by repeats.", "text": worst_of(cells)})
    if report.tool.dirty or report.tool.build_type != "Release":
        found.append(
            {
                "word": "Not a clean release build.",
                "text": f"{report.tool.build_type or 'no build type'}{', uncommitted changes' if report.tool.dirty else ''}.",
            }
        )
    for note in report.run.notes:
        found.append({"word": "Note.", "text": note})
    for finding in report.environment.doctor:
        if finding["verdict"] in ("warning", "problem"):
            found.append({"word": f"Machine, {finding['check']}:", "text": finding["message"]})
    return found


def trials_done(report: Report) -> int:
    """Without repeats, which nobody planned."""
    return len({(of.cell, of.contender, of.block) for of in report.trials})


def invalid_summary(report: Report) -> str:
    lost = len(report.invalid())
    if not report.trials:
        return "There are no trials." if not report.searches else "The trials of a search stand with it; there are no others."
    of = f"{lost:,} of {plural(len(report.trials), 'trial')} {'is' if lost == 1 else 'are'} invalid"
    return f"{of}: a check failed, so the number would not be what it says."


def method(report: Report) -> list[str]:
    loops = {cell.parameters["loop"] for cell in report.cells}
    texts = [
        f"{plural(report.repetitions, 'block')}: in each every contender met every cell once, neighbours in drawn order, the "
        f"next block in reverse" + ("; a fresh process each." if are_launched(report) else "."),
        "Contenders of a block got the same requests; ratios are of pairs within a block, their estimate Hodges-Lehmann, n "
        "counts blocks and never requests.",
        "An invalid trial takes its pair with it and is repeated; of a block the latest valid repetition counts.",
        f"Every answer is parsed strictly{' and its value verified' if are_verified(report) else ''}; requests a second counts "
        "those that succeeded.",
    ]
    if any("slice_s" in cell.parameters for cell in report.cells):
        texts.append("Where a cell has slice_s, the contenders of a block took turns of so many seconds within their trials.")
    if "closed" in loops:
        texts.append(
            "Closed loops: so many clients who each wait for an answer. Latency is from the send: it does not show what a "
            "public would see while the server stalls."
        )
    if "open" in loops:
        texts.append("Open loops: requests come at a rate whatever the server does. Latency is from when a request was due.")
    return texts


def are_launched(report: Report) -> bool:
    return all(of.command for of in report.contenders)


def are_verified(report: Report) -> bool:
    """Not where the server has values of its own, under a path that the suite names."""
    return all(not of.parameters["workload"].get("path") for of in report.cells)


def environment_rows(report: Report) -> list[tuple[str, str]]:
    machine, tool, run = report.environment, report.tool, report.run
    rows = [
        ("machine", machine.fingerprint),
        ("CPU", f"{machine.cpu_model or 'unknown'}, {plural(machine.cpus, 'CPU')}"),
        ("kernel", machine.kernel),
        ("system", machine.os),
        ("virtualization", machine.virtualization),
        ("memory", f"{machine.memory_bytes / MIB / 1024:.1f} GiB"),
        ("server on CPUs", ", ".join(map(str, machine.server_cpus)) or "not pinned"),
        ("load on CPUs", ", ".join(map(str, machine.load_cpus)) or "not pinned"),
        ("CPU time stolen", None if machine.steal_ratio is None else f"{100 * machine.steal_ratio:.2f} %"),
        ("load when it began", f"{machine.load_average_1m:.2f}"),
        ("governor", machine.governor),
        ("mitigations", machine.mitigations),
        ("kvduel", f"{tool.version}, commit {tool.commit}, {tool.build_type}, {tool.compiler}, {tool.flags}"),
        ("seed", run.seed),
        ("began", run.started_at),
        ("ended", run.finished_at or "did not"),
        ("command", " ".join(run.argv)),
    ]
    return [(name, text if text else "not to be had") for name, text in rows]
