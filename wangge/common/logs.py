"""What never stands in a log: the codes with which residents follow their reports, and values that broke something."""

import logging
import re
import smtplib
import traceback
from collections.abc import Iterator, Mapping
from typing import Any

from wangge.common.refusals import Refused

# The code opens a report to whoever holds it; logs are kept for long and read by others.
CODE = re.compile(r"""(/m/|[?&]code=)[^/\s?#&"']+""")

# Kinds of errors whose message speaks of the machine or of our own code, never of what somebody typed.
OF_THE_MACHINE = (OSError, ImportError, AttributeError, NameError, MemoryError, RecursionError)
# Among those the ones that quote a recipient all the same.
OF_PEOPLE = (smtplib.SMTPException,)


class WithoutCodes(logging.Filter):
    """Lets no record out with the code of a report, or with the values that an exception quotes.

    The code in every `/m/<code>` and `?code=<code>` becomes an ellipsis; a traceback keeps its lines, and of each
    exception the kind. With `values` (while developing) it keeps the messages too.
    """

    def __init__(self, name: str = "", *, values: bool = False) -> None:
        super().__init__(name)
        self.values = values

    def filter(self, record: logging.LogRecord) -> bool:
        """Clean the record and let it pass."""
        record.msg = self._argument(record.msg)
        if isinstance(record.args, Mapping):
            record.args = {name: self._argument(value) for name, value in record.args.items()}
        elif record.args:
            record.args = tuple(self._argument(value) for value in record.args)
        if record.exc_info and not record.exc_text:
            record.exc_text = self._traceback(record.exc_info[1])
        record.exc_text = without_codes(record.exc_text)
        return True

    def _argument(self, value: Any) -> Any:
        """An exception named in a message is no more than its kind there; what we would tell a person may be said."""
        if isinstance(value, BaseException) and not isinstance(value, Refused) and not self.values:
            value = kind_of(value)
        return without_codes(value)

    def _traceback(self, error: BaseException | None) -> str:
        if error is None:
            return ""
        lines = traceback.format_exception(error) if self.values else _without_values(error)
        return "".join(lines).rstrip("\n")


def kind_of(error: BaseException) -> str:
    """What went wrong, without the values it went wrong with: a database quotes the row, which may be somebody's words.

    ``IntegrityError 23505 accounts_account account_phone_once``; the message stays where it speaks of the machine.
    """
    kind = type(error).__name__
    if told := _diagnosis(error):
        return f"{kind} {told}"
    return f"{kind}: {error}" if _is_of_the_machine(error) else kind


def _diagnosis(error: BaseException) -> str:
    """The code, table, column and constraint that PostgreSQL names; Django keeps its own error around that one."""
    diag = getattr(error, "diag", None) or getattr(error.__cause__, "diag", None)
    names = ("sqlstate", "table_name", "column_name", "constraint_name")
    return " ".join(filter(None, (getattr(diag, name, None) for name in names)))


def _is_of_the_machine(error: BaseException) -> bool:
    if isinstance(error, OF_PEOPLE):
        return False
    return isinstance(error, OF_THE_MACHINE) or _unreachable(error)


def _unreachable(error: BaseException) -> bool:
    """A database that was not reached has seen no values; it could not be reached if it gave no code."""
    return type(error).__name__ == "OperationalError"


def _without_values(error: BaseException, told: tuple[BaseException, ...] = ()) -> Iterator[str]:
    """Where each exception of a chain came from and its kind, the first one first; as Python prints it otherwise."""
    told = (*told, error)  # a chain may bite its own tail
    cause, context = error.__cause__, error.__context__
    if cause is not None:
        if cause not in told:
            yield from _without_values(cause, told)
            yield "\nThe above exception was the direct cause of the following exception:\n\n"
    elif context is not None and context not in told and not error.__suppress_context__:
        yield from _without_values(context, told)
        yield "\nDuring handling of the above exception, another exception occurred:\n\n"
    if error.__traceback__ is not None:
        yield "Traceback (most recent call last):\n"
        yield from traceback.format_tb(error.__traceback__)
    yield f"{kind_of(error)}\n"


def without_codes(value: Any) -> Any:
    """Return a text, or an object whose text has a code, as text without it; all else as it is."""
    if value is None or isinstance(value, int | float):
        return value
    said = str(value)
    cleaned = CODE.sub(r"\1…", said)
    return value if cleaned == said else cleaned
