"""The message catalogues: finds what the program says, keeps the Chinese beside it, names what is missing.

Works with Babel alone, so that nobody needs GNU gettext. Each app has its own catalogue; what `config` and `demo` say
is translated in ours.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

LOCALE = "zh_Hans"
ELSEWHERE = {"config": "web", "demo": "web"}  # folders without a catalogue of their own
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# No dates and no names: git knows them, and two people who translate do not collide in a header.
HEADER = f"""msgid ""
msgstr ""
"Project-Id-Version: wangge\\n"
"Language: {LOCALE}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sdf]|\{\w*\}")
INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)

Key = tuple[str, str | None]  # first msgid, context


@dataclass(frozen=True)
class Fault:
    """One thing to mend in a catalogue."""

    app: str
    kind: str
    message: str

    def __str__(self) -> str:
        return f"{self.app}: {self.kind}: {' '.join(self.message.split())}"


def apps() -> list[str]:
    """Return the apps that may have a catalogue, by folder name."""
    return sorted(path.parent.name for path in (settings.BASE_DIR / "wangge").glob("*/apps.py"))


def path_of(app: str) -> Path:
    """Return where an app's catalogue is kept."""
    return Path(settings.BASE_DIR) / "wangge" / app / "locale" / LOCALE / "LC_MESSAGES" / "django.po"


# -- Finding -------------------------------------------------------------------------------------------


def found_in(app: str) -> Catalog:
    """Return everything the files of an app say, each message with the files that say it."""
    catalogue = Catalog(locale=LOCALE)
    for root, path in _sources(app):
        for line, ids, _comments, context in messages_of(path):
            catalogue.add(ids, context=context, locations=[(path.relative_to(root).as_posix(), line)])
    return catalogue


def _sources(app: str) -> Iterator[tuple[Path, Path]]:
    base = Path(settings.BASE_DIR)
    for root in [base / "wangge" / app, *(base / name for name, home in ELSEWHERE.items() if home == app)]:
        for path in sorted([*root.rglob("*.py"), *root.rglob("templates/**/*.html")]):
            if not {"tests", "migrations"} & set(path.parts):
                yield root, path


def messages_of(path: Path) -> Iterable[tuple[int, Any, list[str], str | None]]:
    """Extract the messages of one Python file or Django template."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        # The indentation of a page means nothing; Python's tokenizer would stumble over it.
        source = INDENTATION.sub("", templatize(source, origin=str(path)))
    return extract("python", BytesIO(source.encode()), keywords=KEYWORDS)


# -- Keeping -------------------------------------------------------------------------------------------


def read(app: str) -> Catalog:
    """Return the stored catalogue of an app, empty when it has none."""
    path = path_of(app)
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return read_po(StringIO(text), locale=LOCALE)


def update(app: str, *, tidy: bool = False) -> Catalog | None:
    """Write an app's catalogue anew from its sources; what is no longer said stays as a note unless `tidy`."""
    found, old = found_in(app), read(app)
    known = {**{key(m): m for m in old.obsolete.values()}, **{key(m): m for m in _messages(old)}}
    others = {
        key(m): m for other in apps() if other != app for m in _messages(read(other)) if _first(m.string)
    }
    fresh = Catalog(locale=LOCALE)
    for message in sorted(_messages(found), key=lambda m: min(m.locations)):
        before = known.pop(key(message), None)
        if before is None or not _first(before.string):
            # What another app says already is said the same way here.
            before = others.get(key(message), before)
        _adopt(fresh, message, before)
    if not tidy:
        fresh.obsolete.update({key(m)[0]: m for m in known.values() if m.string})
    if len(fresh) == 0:
        return None
    _write(app, fresh)
    return fresh


def _adopt(fresh: Catalog, message: Message, before: Message | None) -> None:
    flags = {"fuzzy"} if before and before.fuzzy else set()
    comments = before.user_comments if before else []
    # A message that became plural keeps its Chinese: the language has one form.
    string = _first(before.string) if before else ""
    fresh.add(
        message.id,
        string if isinstance(message.id, str) else (string,),
        locations=message.locations,
        flags=flags,
        user_comments=comments,
        context=message.context,
    )


def _write(app: str, catalogue: Catalog) -> None:
    path, file = path_of(app), BytesIO()
    write_po(file, catalogue, width=0, omit_header=True, include_lineno=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = HEADER + file.getvalue().decode().strip() + "\n"
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


# -- Judging -------------------------------------------------------------------------------------------


def faults_of(app: str) -> Iterator[Fault]:
    """Name every message that is missing, unsure, no longer said, or whose placeholders differ."""
    stored = {key(message): message for message in _messages(read(app))}
    for message in _messages(found_in(app)):
        kept = stored.pop(key(message), None)
        if kept is None or not _first(kept.string):
            yield Fault(app, "missing", key(message)[0])
        elif kept.fuzzy:
            yield Fault(app, "unsure", key(message)[0])
        elif placeholders(_last(message.id)) != placeholders(_first(kept.string)):
            yield Fault(app, "placeholders differ", key(message)[0])
    for said_before in stored:
        yield Fault(app, "no longer said", said_before[0])


def disagreements() -> Iterator[Fault]:
    """Name messages that two catalogues translate differently: one of them would silently win everywhere."""
    seen: dict[Key, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for app in apps():
        for message in _messages(read(app)):
            if string := _first(message.string):
                seen[key(message)][string].append(app)
    for (said, _context), strings in seen.items():
        if len(strings) > 1:
            told = "; ".join(f"{'+'.join(where)} “{string}”" for string, where in strings.items())
            yield Fault("all", "translated in two ways", f"{said} → {told}")


def placeholders(text: str) -> set[str]:
    """Return the places in a sentence that the program fills."""
    return set(PLACEHOLDER.findall(text.replace("%%", "")))


def key(message: Message) -> Key:
    """Return what tells one message from another."""
    return _first(message.id), message.context


def _messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def _first(text: Any) -> str:
    return str(text[0] if isinstance(text, (tuple, list)) else text or "")


def _last(text: Any) -> str:
    return str(text[-1] if isinstance(text, (tuple, list)) else text)
