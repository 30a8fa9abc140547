"""From a sheet to SVG whose every mark tells its number, the same bytes each time.

matplotlib writes the drawing; here each registered artist gets a <title>, data-* attributes and a place in the order of the
keyboard, ids get a prefix so that many drawings can stand in one page, and coordinates lose digits nobody sees.
"""

import io
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Mapping

import matplotlib
from matplotlib.backends.backend_svg import FigureCanvasSVG

from kvreport.sheet import Mark, Sheet
from kvreport.style import BAND, FAINT, INK, PAPER, RC

SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
DRAWN = {f"{{{SVG}}}use", f"{{{SVG}}}path"}
REFERENCE = re.compile(r"url\(#([^)]+)\)")
LONG_FRACTION = re.compile(r"(\d+\.\d{2})\d+")
# The reader's theme, as the page's stylesheet names it.
THEMED = {INK: "currentColor", PAPER: "var(--paper)", FAINT: "var(--faint)", BAND: "var(--band)"}


def render(sheet: Sheet, prefix: str, is_for_page: bool = False) -> str:
    """One <svg>: a document of its own, or a part of the page that takes the page's colours."""
    sheet.settle()
    raw = io.BytesIO()
    with matplotlib.rc_context(RC | {"svg.hashsalt": prefix}):
        # savefig would draw all of it twice, once for a layout that is settled by now.
        canvas = FigureCanvasSVG(sheet.figure)
        canvas.print_svg(  # type: ignore[no-untyped-call]
            raw, metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
        )
    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("xlink", XLINK)
    root = ElementTree.fromstring(raw.getvalue())
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag == f"{{{SVG}}}metadata" or (is_for_page and child.tag == f"{{{SVG}}}style"):
                parent.remove(child)
    root.set("role", "group")
    root.set("aria-label", sheet.alt)
    attach(root, sheet)
    shorten(root, prefix)
    share_styles(root)
    for element in root.iter():
        element.text = element.text if element.text and element.text.strip() else None
        element.tail = None  # matplotlib mixes no text with elements
    if is_for_page:
        take_theme(root)
    return ElementTree.tostring(root, encoding="unicode") + ("" if is_for_page else "\n")


def attach(root: ElementTree.Element, sheet: Sheet) -> None:
    """Every mark to its element. One that draws several figures has a child for each, in their order."""
    elements = {element.get("id", ""): element for element in root.iter()}
    is_first = True
    for gid, marks in sheet.marks.items():
        element = elements.get(gid)
        if element is None:
            continue  # nothing of it lies within the axes
        targets = [element] if len(marks) == 1 else list(drawn_below(element))
        assert len(targets) == len(marks), f"{gid} draws {len(targets)} elements for {len(marks)} figures"
        common = set.intersection(*(set(mark.data.items()) for mark in marks)) if len(marks) > 1 else set()
        write_data(element, dict(common))
        for target, mark in zip(targets, marks, strict=True):
            write_data(target, dict(mark.data.items() - common))
            describe(target, mark, is_first)
            is_first = is_first and not mark.text


def drawn_below(element: ElementTree.Element) -> Iterator[ElementTree.Element]:
    for child in element:
        if child.tag == f"{{{SVG}}}defs":
            continue
        if child.tag in DRAWN:
            yield child
        else:
            yield from drawn_below(child)


def write_data(element: ElementTree.Element, data: Mapping[str, str | float | int | None]) -> None:
    """What all marks of one drawing have in common stands on it, the rest on each."""
    for name, value in sorted(data.items()):
        if value is not None:
            element.set(f"data-{name.replace('_', '-')}", value if isinstance(value, str) else repr(value))


def describe(element: ElementTree.Element, mark: Mark, is_first: bool) -> None:
    """The <title> is both what hovering shows and what a screen reader says."""
    if not mark.text:
        return
    element.set("class", "mark")
    element.set("role", "img")
    element.set("tabindex", "0" if is_first else "-1")  # the arrow keys go on from there
    title = ElementTree.Element(f"{{{SVG}}}title")
    title.text = mark.text
    element.insert(0, title)


def shorten(root: ElementTree.Element, prefix: str) -> None:
    """Ids that something refers to stay, as the prefix and a number."""
    used: dict[str, str] = {}
    for element in root.iter():
        for name, value in element.items():
            for old in [*REFERENCE.findall(value), *([value[1:]] if name.endswith("href") and value.startswith("#") else [])]:
                used.setdefault(old, f"{prefix}-{len(used)}")
    for element in root.iter():
        for name, value in list(element.items()):
            if name == "id":
                if value in used:
                    element.set("id", used[value])
                else:
                    del element.attrib["id"]
            elif name.endswith("href") and value.startswith("#"):
                element.set(name, f"#{used[value[1:]]}")
            elif name in ("d", "x", "y", "transform", "style", "clip-path"):
                value = REFERENCE.sub(lambda found: f"url(#{used[found[1]]})", value)
                element.set(name, value if name == "style" else LONG_FRACTION.sub(r"\1", " ".join(value.split())))


def share_styles(root: ElementTree.Element) -> None:
    """What all children of a group say alike, the group says once for them."""
    for group in root.iter(f"{{{SVG}}}g"):
        drawn = [child for child in group if child.tag in DRAWN]
        if len(drawn) < 2 or any(child.tag not in (*DRAWN, f"{{{SVG}}}defs") for child in group):
            continue
        for name in ("style", "clip-path"):
            values = {child.get(name) for child in drawn}
            value = values.pop() if len(values) == 1 else None
            if value is not None and group.get(name) is None:
                group.set(name, value)
                for child in drawn:
                    del child.attrib[name]


def take_theme(root: ElementTree.Element) -> None:
    root.set("class", "sheet")
    for name in ("width", "height"):
        del root.attrib[name]
    for element in root.iter():
        if target := element.attrib.pop(f"{{{XLINK}}}href", None):
            element.set("href", target)
        style = element.get("style")
        if style:
            for colour, themed in THEMED.items():
                style = style.replace(colour, themed)
            element.set("style", style)
