"""From parsed JSON, which the schema has approved, to dataclasses whose fields bear its names."""

import dataclasses
from collections.abc import Mapping
from typing import Any, TypeVar

Tree = Mapping[str, Any]
T = TypeVar("T")


def take(kind: type[T], tree: Tree, **made: Any) -> T:
    """A `kind` of the keys that bear the names of its fields; `made` are those that are not JSON's own."""
    assert dataclasses.is_dataclass(kind)
    values = {field.name: tree[field.name] for field in dataclasses.fields(kind) if field.init and field.name not in made}
    return kind(**values, **made)
