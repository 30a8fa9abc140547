#!/usr/bin/env python3
"""Plots kvduel's reports: each figure that applies, as PNG and SVG.

  scripts/plot.py REPORT [REPORT...] --out DIR [--figure NAME] [--format png,svg]
  scripts/plot.py [REPORT...] --list                  the figures there are; with a report, which of them apply

REPORT is a report of `kvduel run` (.json or .json.gz) or the gate.json of `kvduel gate`. Of several reports each has its
figures in a folder of its own, and those that span reports lie beside them.
"""

import sys

from kvreport.bootstrap import ensure_packages

if __name__ == "__main__":
    ensure_packages("plot")
    from kvreport.plot_command import main

    sys.exit(main(sys.argv[1:]))
