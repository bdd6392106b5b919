"""Signs that no database keeps: NUL, and halves of signs. They are taken out of what comes in, and nothing is said of it.

Nobody types them; scanners send them, and programs whose words have passed through something broken. So everything that
was typed is there without them, while a refusal would throw away a form that took ten minutes to fill, to name a sign
that nobody sees. They go before anything is checked: no check is passed by a word that is another one afterwards.

Everything passes one gate before it is read: addresses and forms, with files or not, `wangge.web.middleware.NoUnkept`;
JSON `json_of`; Open311, which goes past the middleware, its own `fields.collected`. What stands in files is for whoever
reads the file.
"""

import json
import re
from typing import Any, TypeVar

from django.http import HttpRequest

UNKEPT = re.compile("[\0\ud800-\udfff]")
_ESCAPED = re.compile("%00|\0")

Said = TypeVar("Said")


def without_unkept(said: Said) -> Said:
    """The same without them: a text, or all texts and names of what a JSON document holds."""
    return _without(said)  # type: ignore[no-any-return]


def _without(said: Any) -> Any:
    if isinstance(said, str):
        return UNKEPT.sub("", said)
    if isinstance(said, list):
        return [_without(each) for each in said]
    if isinstance(said, dict):
        return {_without(name): _without(value) for name, value in said.items()}
    return said


def query_without_unkept(query: str) -> str:
    """A query string without them, while it is still escaped; halves of signs cannot be written in one."""
    while _ESCAPED.search(query):  # again, for what is left may make another one: %0%000
        query = _ESCAPED.sub("", query)
    return query


def json_of(request: HttpRequest) -> Any:
    """What the JSON of a body says, without them. Raises `ValueError` where it is none, `RecursionError` where it is too deep."""
    return _without(json.loads(request.body))
