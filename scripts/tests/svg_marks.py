"""What a figure's SVG says of its numbers: the marks with their title and data."""

SVG = "{http://www.w3.org/2000/svg}"


def marks(element, data=()):
    """Every mark with the data-* that stand on it and on the groups around it."""
    own = dict(data) | {key[5:]: value for key, value in element.attrib.items() if key.startswith("data-")}
    if element.get("class") == "mark":
        yield element, own
    for child in element:
        yield from marks(child, own)


def number(data, key):
    return float(data[key]) if key in data else None


def interval(data):
    return number(data, "lower95"), number(data, "upper95")
