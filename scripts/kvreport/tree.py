"""From parsed JSON, which the schema has approved, to dataclasses whose fields bear its names."""

import dataclasses
import re
from collections.abc import Mapping
from typing import Any, TypeVar

Tree = Mapping[str, Any]
T = TypeVar("T")
UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# In the bytes of a JSON: an escape, or a character itself, that may stand for one of these.
SUSPECT = re.compile(rb"\\u00[01]|\\[bf]|\\u[dD][89a-fA-F]|\\u[fF]{3}[eEfF]|\xef\xbf[\xbe\xbf]")


def printable(value: Any) -> Any:
    """The same without characters that no XML may hold; they stand as U+FFFD."""
    if isinstance(value, str):
        return UNPRINTABLE.sub("\ufffd", value)
    if isinstance(value, list):
        return [printable(of) for of in value]
    if isinstance(value, dict):
        return {printable(key): printable(of) for key, of in value.items()}
    return value


def take(kind: type[T], tree: Tree, **made: Any) -> T:
    """A `kind` of the keys that bear the names of its fields; `made` are those that are not JSON's own."""
    assert dataclasses.is_dataclass(kind)
    values = {field.name: tree[field.name] for field in dataclasses.fields(kind) if field.init and field.name not in made}
    return kind(**values, **made)
