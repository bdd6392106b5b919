"""What never stands in a log: the codes with which residents follow their own reports."""

import logging
import re
from collections.abc import Mapping
from typing import Any

# The code opens a report to whoever holds it; logs are kept for long and read by others.
CODE = re.compile(r"""(/m/|[?&]code=)[^/\s?#&"']+""")

_formatter = logging.Formatter()


class WithoutCodes(logging.Filter):
    """Replaces the code in every `/m/<code>` and `?code=<code>` of a record, its traceback included, by an ellipsis."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Clean the record and let it pass."""
        record.msg = without_codes(record.msg)
        if isinstance(record.args, Mapping):
            record.args = {name: without_codes(value) for name, value in record.args.items()}
        elif record.args:
            record.args = tuple(without_codes(value) for value in record.args)
        if record.exc_info and not record.exc_text:
            record.exc_text = _formatter.formatException(record.exc_info)
        record.exc_text = without_codes(record.exc_text)
        return True


def without_codes(value: Any) -> Any:
    """Return a text, or an object whose text has a code, as text without it; all else as it is."""
    if value is None or isinstance(value, int | float):
        return value
    said = str(value)
    cleaned = CODE.sub(r"\1…", said)
    return value if cleaned == said else cleaned
