"""The recorded reports that the tests of figures and pages draw, read once: by the programs, and by the tests' own reader."""

import functools
import gzip
import json

import report_book
from plots_need import GOLDEN, STUDY
from report_book import Book

from kvreport.load import load_any


def path_of(name):
    return (STUDY if name in ("crossover", "standard") else GOLDEN) / f"{name}.json.gz"


@functools.cache
def loaded(name):
    return load_any(path_of(name))


@functools.cache
def book(name):
    return Book(report_book.read(path_of(name)))


@functools.cache
def looked_up(name, what):
    return getattr(book(name), what)()


def write(path, tree):
    """A report that a test has changed; gives its path."""
    path.write_bytes(gzip.compress(json.dumps(tree).encode(), 1))
    return path
