"""scripts/report.py: one report into one page."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from command_parser import Parser
from exit_codes import USAGE
from kvreport.command_line import guarded, write_whole
from kvreport.errors import ReportError
from kvreport.load import load_report
from kvreport.page import render_page


def parse_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = Parser(prog="report", description="Makes one self-contained page of a report.")
    parser.add_argument("report", metavar="REPORT", help="a report of kvduel run (.json, .json.gz)")
    parser.add_argument("--out", type=Path, required=True, metavar="page.html")
    return parser.parse_args(arguments)


def work(arguments: Sequence[str]) -> int:
    options = parse_arguments(arguments)
    if options.out.is_dir():
        raise ReportError(f"--out {options.out}: is a folder; name the page: --out {options.out / 'page.html'}", USAGE)
    page = render_page(load_report(options.report)).encode()
    write_whole(options.out, page)
    print(f"{options.out}: {len(page) / 1e6:.1f} MB")
    return 0


def main(arguments: Sequence[str]) -> int:
    return guarded("report", lambda: work(arguments))
