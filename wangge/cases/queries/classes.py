"""Finding the class of a matter by what people call it."""

from collections.abc import Sequence

from wangge.cases.models import MatterClass

MOST = 12
SHORTEST_KEYWORD = 2


def find_classes(words: str, *, most: int = MOST) -> Sequence[MatterClass]:
    """Return the classes whose code, name or keywords fit, best first; a whole description may be given, too."""
    wanted = words.strip().lower()
    if not wanted:
        return []
    scored = [
        (score(wanted, row), row) for row in MatterClass.objects.filter(in_force=True).select_related("group")
    ]
    fitting = [(points, row) for points, row in scored if points]
    fitting.sort(key=lambda pair: (-pair[0], pair[1].code))
    return [row for _points, row in fitting[:most]]


def score(wanted: str, row: MatterClass) -> int:
    """Rate how well a class fits: what was typed inside its words, or its words inside what was typed."""
    if row.code.startswith(wanted):
        return 100
    points = 0
    for term in (row.name.lower(), row.name_en.lower(), *row.keywords.lower().split(";")):
        if term == wanted:
            points += 60
        elif wanted in term:
            points += 20 + (10 if term.startswith(wanted) else 0)
        elif len(term) >= SHORTEST_KEYWORD and term in wanted:
            points += 10 * len(term)
    return points
