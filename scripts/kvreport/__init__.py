"""Reads kvduel's reports: loading, tidy rows, histograms, figures and one page.

    from kvreport import load_report
    report = load_report("results/study/standard.json.gz")
    report.comparisons[0].sentence()
    pandas.DataFrame(report.rows())            # a trial a row

Nothing here measures or judges: figures and words are the report's. What is drawn from trials follows the rule of its
summary: of a block the latest valid repetition, never an invalid trial.
"""

from kvreport.errors import ReportError
from kvreport.gate import Gate
from kvreport.histogram import Histogram
from kvreport.load import load_gate, load_report
from kvreport.report import Report

__all__ = ["Gate", "Histogram", "Report", "ReportError", "load_gate", "load_report"]
