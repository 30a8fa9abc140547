"""What goes wrong, as one line and the exit code that all of kvduel gives to it."""

from exit_codes import BAD_INPUT, UNAVAILABLE


class ReportError(Exception):
    """One line for people: where, what, and what to do."""

    def __init__(self, message: str, exit_code: int = BAD_INPUT) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def missing_package(error: ModuleNotFoundError) -> ReportError:
    return ReportError(f"needs the Python package {error.name}, which is not installed; run: scripts/setup.sh", UNAVAILABLE)
