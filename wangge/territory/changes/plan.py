"""What a territory change would do: how the areas it touches shall be, which ones end, and who follows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from wangge.territory.changes.picture import Node, Picture
from wangge.territory.shapes import area_m2


@dataclass(frozen=True)
class Plan:
    """`wanted` holds new and changed areas whole, `ended` the codes that end with their successors.

    `seen` says how the areas that are touched were when they were first touched, so that a plan that was overtaken is
    noticed before it takes effect.
    """

    wanted: Mapping[str, Node] = field(default_factory=dict)
    ended: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    seen: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not self.wanted and not self.ended

    @property
    def codes(self) -> frozenset[str]:
        """Every code that the plan touches."""
        return frozenset(self.wanted) | frozenset(self.ended)

    @property
    def new(self) -> tuple[str, ...]:
        """The codes of the areas that do not exist yet, in order."""
        return tuple(sorted(code for code in self.wanted if code not in self.seen))

    def on(self, before: Picture) -> Picture:
        """How the tree would be."""
        return before.with_(self.wanted, self.ended)

    def with_nodes(self, before: Picture, nodes: Iterable[Node]) -> Plan:
        """The plan with some areas wanted otherwise; what is as it was anyhow is left out."""
        wanted, seen = dict(self.wanted), dict(self.seen)
        for node in nodes:
            known = before.get(node.code)
            if known is not None:
                seen.setdefault(node.code, known.digest)
            wanted[node.code] = node
        same = [code for code, node in wanted.items() if before.get(code) == node]
        for code in same:
            del wanted[code]
            if code not in self.ended:
                seen.pop(code, None)
        return replace(self, wanted=wanted, seen=seen)

    def with_end(self, before: Picture, code: str, successors: Iterable[str]) -> Plan:
        """The plan with an area ended; one that is itself only planned simply goes, and its successors inherit."""
        followers = tuple(dict.fromkeys(successors))
        ended = {
            old: tuple(dict.fromkeys(n for s in then for n in (followers if s == code else (s,))))
            for old, then in self.ended.items()
        }
        seen = dict(self.seen)
        if (known := before.get(code)) is not None:
            ended[code] = followers
            seen.setdefault(code, known.digest)
        wanted = {key: node for key, node in self.wanted.items() if key != code}
        return Plan(wanted, ended, seen)

    def overtaken(self, now: Picture) -> list[str]:
        """The codes that somebody changed or ended since the plan touched them."""
        return [
            code for code, digest in self.seen.items() if (n := now.get(code)) is None or n.digest != digest
        ]

    def data(self) -> dict[str, Any]:
        """As it is kept in the database."""
        if self.is_empty:
            return {}
        return {
            "wanted": {code: node.data() for code, node in self.wanted.items()},
            "ended": {code: list(then) for code, then in self.ended.items()},
            "seen": dict(self.seen),
        }

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Plan:
        """The plan that `data` wrote."""
        return cls(
            {code: Node.read(code, told) for code, told in data.get("wanted", {}).items()},
            {code: tuple(then) for code, then in data.get("ended", {}).items()},
            dict(data.get("seen", {})),
        )


@dataclass(frozen=True)
class Line:
    """One thing a plan does to one area; `act` is new, end, rename, move, redraw or kind."""

    act: str
    code: str
    sentence: str


def lines(plan: Plan, before: Picture) -> list[Line]:
    """What the plan does, one sentence for each thing, the ends first."""
    return [*_ends(plan, before), *_news(plan, before), *_changes(plan, before)]


def _name(code: str, plan: Plan, before: Picture) -> str:
    node = plan.wanted.get(code) or before.get(code)
    return f"{node.name} ({code})" if node and node.name != code else code


def _ends(plan: Plan, before: Picture) -> Iterator[Line]:
    for code in sorted(plan.ended):
        names = {
            "name": _name(code, plan, before),
            "then": "、".join(_name(c, plan, before) for c in plan.ended[code]),
        }
        if plan.ended[code]:
            yield Line("end", code, _("%(name)s ends; what was there goes to %(then)s.") % names)
        else:
            yield Line("end", code, _("%(name)s ends without a successor.") % names)


def _news(plan: Plan, before: Picture) -> Iterator[Line]:
    for code in plan.new:
        node = plan.wanted[code]
        said = {"name": _name(code, plan, before), "parent": _name(node.parent, plan, before)}
        if node.shape is not None:
            said["area"] = f"{area_m2(node.shape):,.0f}"
            yield Line("new", code, _("%(name)s is new in %(parent)s, %(area)s m².") % said)
        else:
            yield Line("new", code, _("%(name)s is new in %(parent)s, without a boundary.") % said)


def _changes(plan: Plan, before: Picture) -> Iterator[Line]:
    for code in sorted(set(plan.wanted) - set(plan.new)):
        now, then = before.get(code), plan.wanted[code]
        if now is None:
            continue
        if now.name != then.name:
            said = {"old": _name(code, Plan(), before), "new": then.name}
            yield Line("rename", code, _("%(old)s is called %(new)s.") % said)
        if now.kind != then.kind:
            yield Line("kind", code, _("%(name)s is of another kind.") % {"name": _name(code, plan, before)})
        if now.parent != then.parent:
            said = {"name": _name(code, plan, before), "parent": _name(then.parent, plan, before)}
            yield Line("move", code, _("%(name)s moves to %(parent)s.") % said)
        if now.boundary != then.boundary:
            yield Line("redraw", code, _redrawn(_name(code, plan, before), now, then))


def _redrawn(name: str, now: Node, then: Node) -> str:
    if now.shape is None or then.shape is None:
        return _("%(name)s gets a boundary.") % {"name": name}
    areas = {"before": f"{area_m2(now.shape):,.0f}", "after": f"{area_m2(then.shape):,.0f}"}
    return _("The boundary of %(name)s changes: %(before)s m² become %(after)s m².") % {"name": name, **areas}
