"""The two notations of GeoReport v2: the same plain data as JSON, or as XML by the "Spark" mapping.

JSON drops the outer wrapper and the inner names of lists; XML has both. Data are dicts, lists, str, bool, int, float.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

CONTENT_TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}

# The name of each child of a list.
CHILDREN = {
    "services": "service",
    "service_requests": "request",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
    "attributes": "attribute",
    "values": "value",
    "notes": "note",
    "media_urls": "media_url",
}

# XML 1.0 has no way to write these, not even escaped.
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def written(form: str, root: str, data: Mapping[str, Any] | Sequence[Any]) -> bytes:
    """Write data in the asked form ("json" or "xml"); `root` is the XML wrapper."""
    if form == "json":
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    return f'<?xml version="1.0" encoding="utf-8"?>\n{"".join(_element(root, data))}'.encode()


def _element(name: str, value: Any) -> Iterator[str]:
    yield f"<{name}>"
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _element(key, inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _element(CHILDREN[name], inner)
    else:
        yield _text(value)
    yield f"</{name}>"


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return escape(NOT_IN_XML.sub("", str(value)))
