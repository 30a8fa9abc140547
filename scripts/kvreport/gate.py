"""A gate's gate.json: two builds of the same servers, an endpoint a row."""

from dataclasses import dataclass

from kvreport.cells import Cell, make_cell
from kvreport.parameters import varying
from kvreport.tree import Tree, take


@dataclass(frozen=True)
class Endpoint:
    cell: Cell
    server: str
    metric: str
    is_higher_better: bool
    tolerance: float
    n: int
    ratio_head_over_base: float | None
    lower95: float | None
    upper95: float | None
    p: float | None
    verdict: str

    @property
    def limit(self) -> float:
        """The ratio from which on head is worse than allowed."""
        return 1 - self.tolerance if self.is_higher_better else 1 + self.tolerance


@dataclass(frozen=True)
class Gate:
    verdict: str
    exit_code: int
    reasons: tuple[str, ...]
    run_id: str
    suite: str
    fingerprint: str
    commits: tuple[str, ...]
    blocks: int
    endpoints: tuple[Endpoint, ...]


def make_gate(tree: Tree) -> Gate:
    of_scenario: dict[str, list[Tree]] = {}
    for endpoint in tree["endpoints"]:
        of_scenario.setdefault(endpoint["scenario"], []).append(endpoint["parameters"])
    names = {scenario: varying(cells, ()) for scenario, cells in of_scenario.items()}
    shas: dict[str, str] = {}
    for build in tree.get("builds", ()):  # a gate that was not held has none
        shas.setdefault(build["side"], (build["build"] or {}).get("git_sha", "unknown")[:7])
    run = tree.get("run", {"id": "not held", "suite": "-"})
    return Gate(
        verdict=tree["verdict"],
        exit_code=tree["exit_code"],
        reasons=tuple(tree["reasons"]),
        run_id=run["id"],
        suite=run["suite"],
        fingerprint=tree.get("fingerprint", "-"),
        commits=tuple(f"{side} {sha}" for side, sha in shas.items()),
        blocks=max((look["blocks"] for look in tree.get("looks", ())), default=0),
        endpoints=tuple(
            take(Endpoint, of, cell=make_cell(of["scenario"], of["parameters"], names[of["scenario"]]))
            for of in tree["endpoints"]
        ),
    )
