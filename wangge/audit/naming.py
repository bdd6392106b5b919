"""What readers call the things that entries of the access log are about; whoever owns them says it.

They lie above this package, so they register here, from their own `AppConfig.ready()`.
"""

from collections.abc import Callable, Collection, Mapping

# Gives some keys, as an entry keeps them, the names by which people know them; of what is not there, none.
Namer = Callable[[Collection[str]], Mapping[str, str]]

_namers: dict[str, Namer] = {}


def register(subject_kind: str, names_of: Namer) -> None:
    """Let `names_of(keys)` name the subjects of this kind, all of a page in one statement."""
    _namers[subject_kind] = names_of


def unregister(subject_kind: str) -> None:
    """Forget a kind of subject; its entries then show the key."""
    _namers.pop(subject_kind, None)


def names_of(subject_kind: str, keys: Collection[str]) -> Mapping[str, str]:
    """The names of some subjects of a kind by their keys; a kind that nobody registered has none."""
    namer = _namers.get(subject_kind)
    return namer(keys) if namer and keys else {}
