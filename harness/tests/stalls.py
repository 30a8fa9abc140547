"""What a machine that stands still makes of a trial. A window of 0.2 s may fall into one stall of a loaded machine: that its trial
has no figure then, and that the run ends with 3, is right, and no fault of kvduel or of its server."""

# Each of these one stall can bring about by itself.
OF_STALLS = {
    "clock_unsound", "generator_saturated", "nothing_answered", "offered_rate_missed", "send_late", "slices_too_short", "window_short",
}


def assert_valid_but_for_stalls(trial):
    """A trial is valid, or invalid for what only a stall has done: every request that ended was answered as it should be."""
    if trial["verdict"] == "invalid":
        assert {warning["code"] for warning in trial["warnings"]} & OF_STALLS, trial["warnings"]
    assert not any(trial["requests"]["errors"].values()), trial["first_error"]


def assert_ran(program, code, said, report="r.json"):
    """A run did what it was told to and ended with 0, or with 3 because a stall took trials of its report."""
    assert code in (0, 3), said
    trials = program.report(report)["trials"]
    for trial in trials:
        assert_valid_but_for_stalls(trial)
    assert code == 0 or any(trial["verdict"] == "invalid" for trial in trials), said
