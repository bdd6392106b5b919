"""The shape of what people say about one class of matter."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Template:
    """Words for a class: `conditions` are filing conditions with their shares; `weight` is how common it is.

    `place`: facility, road, branch, estate, shop, river, park, market, school, site, village, square, hospital.
    `when`: any, day, night, morning, evening, rush. `season`: any, summer, autumn, winter, rain.
    """

    code: str
    conditions: tuple[tuple[int, int], ...]
    weight: int
    place: str
    scene: str
    texts: tuple[str, ...]
    results: tuple[str, ...]
    when: str = "any"
    season: str = "any"
    kind: str = "problem"


def lines(text: str) -> tuple[str, ...]:
    """One phrase a line."""
    return tuple(line.strip() for line in text.strip().splitlines())


def matter(
    code: str,
    conditions: tuple[tuple[int, int], ...],
    weight: int,
    place: str,
    scene: str,
    texts: str,
    results: str,
    *,
    when: str = "any",
    season: str = "any",
    kind: str = "problem",
) -> Template:
    """A template from phrases written one a line."""
    return Template(code, conditions, weight, place, scene, lines(texts), lines(results), when, season, kind)
