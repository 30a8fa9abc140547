#!/usr/bin/env python3
"""Makes one page of a report: a single file that opens anywhere and asks for nothing.

  scripts/report.py REPORT --out page.html

REPORT is a report of `kvduel run` (.json or .json.gz).
"""

import sys

from kvreport.bootstrap import ensure_packages

if __name__ == "__main__":
    ensure_packages("report")
    from kvreport.report_command import main

    sys.exit(main(sys.argv[1:]))
