"""The command line of every Python script here: argparse, with the exit code that all of kvduel gives to a mistake in it."""

import argparse
from typing import NoReturn

from exit_codes import USAGE


class Parser(argparse.ArgumentParser):
    """argparse leaves with 2, which the programs of kvduel keep for a verdict."""

    def error(self, message: str) -> NoReturn:
        self.exit(USAGE, f"{self.prog.removesuffix('.py')}: {message}\n")
