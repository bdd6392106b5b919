"""What people type about a change of the territory: the change itself, and one form for each step."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from wangge.common.forms import DayInput
from wangge.common.refusals import Refused
from wangge.territory import codes
from wangge.territory.changes import steps
from wangge.territory.changes.drafting import Draft
from wangge.territory.changes.picture import Node, Picture
from wangge.territory.changes.plan import Plan
from wangge.territory.changes.written import LONGEST, read_area, read_line
from wangge.territory.coordinates import CRS
from wangge.territory.models import Area, GridKind, Level, TerritoryChange

Step = Callable[[Plan, Picture], Plan]
GRIDS = (Level.GRID, Level.MICRO)
MOST_OFFERED = 500
MOST_NAMES = 20_000  # characters of many names or codes, one a line
NOT_OF_UNIT_GRIDS = ("level", "kind", "name", "names")  # their code is all they are called by


class ChangeForm(forms.ModelForm):
    """Title, reason, document and day of a change."""

    in_force_on = forms.DateField(
        label=gettext_lazy("In force on"),
        required=False,
        widget=DayInput(),
        help_text=gettext_lazy("Empty: on the day on which it is approved."),
    )

    class Meta:
        model = TerritoryChange
        fields = ("title", "reason", "document", "in_force_on")
        widgets = {"reason": forms.Textarea(attrs={"rows": 3})}  # read by Django's metaclass


class WordsForm(ChangeForm):
    """The same for a draft that somebody else may have open too."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


class NewChangeForm(ChangeForm):
    """A change begins in an area."""

    within = forms.ModelChoiceField(
        Area.objects.none(), label=gettext_lazy("Within"), to_field_name="code",
        help_text=gettext_lazy("Everything the change touches lies in this area."),
    )  # fmt: skip
    about = forms.ChoiceField(
        label=gettext_lazy("About"),
        choices=TerritoryChange.About.choices,
        initial=TerritoryChange.About.AREAS,
        required=False,
    )
    field_order = ("within", "about", "title", "reason", "document", "in_force_on")

    def clean_about(self) -> str:
        """Areas and grids, unless unit grids are chosen."""
        return self.cleaned_data["about"] or TerritoryChange.About.AREAS.value

    def __init__(self, *args: Any, areas: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["within"].queryset = areas  # type: ignore[attr-defined]
        self.fields["within"].label_from_instance = lambda area: f"{area.name} ({area.code})"  # type: ignore[attr-defined]


class StepForm(forms.Form):
    """One step on a draft; `step()` gives what to do, and raises Refused with the field it concerns."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, draft: Draft, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).update(seen=draft.change.revision)
        super().__init__(*args, **kwargs)
        self.draft = draft
        if draft.change.about == TerritoryChange.About.UNIT_GRIDS:
            for name in NOT_OF_UNIT_GRIDS:
                self.fields.pop(name, None)
        for name in ("area", "into", "parent"):
            if name in self.fields:
                self.fields[name].widget.attrs.update(list="areas", autocomplete="off")

    def offered(self) -> list[Node]:
        """The areas that may be named, for the list that helps typing; none where there are too many."""
        nodes = [n for c, n in sorted(self.draft.after.nodes.items()) if c not in self._around()]
        return nodes if len(nodes) <= MOST_OFFERED else []

    def _around(self) -> set[str]:
        return {node.code for node in self.draft.before.above(self.draft.change.within.code)}

    def step(self) -> Step:
        raise NotImplementedError

    def take(self, plan: Plan, before: Picture) -> Plan:
        """Take the step; what was typed is looked at only now, after it is known that nobody was faster."""
        return self.step()(plan, before)

    def node(self, field: str) -> Node:
        """The area that was named by its code or its name."""
        said, after = str(self.cleaned_data[field]).strip(), self.draft.after
        code = said.split(" ", maxsplit=1)[0]
        if (node := after.get(code)) is not None:
            return node
        found = [node for node in after.nodes.values() if node.name == said]
        if len(found) == 1:
            return found[0]
        raise Refused(
            _("There is no area “%(code)s” here that is in force.") % {"code": said[:40]}
            if not found
            else _("Several areas are called “%(name)s”; give the code.") % {"name": said[:40]},
            field=field,
        )

    def free_code(
        self, parent: str, level: str, kind: str, given: str = "", taken: tuple[str, ...] = ()
    ) -> str:
        """The code that was given, or the next one that was never given."""
        if given:
            return given
        used = {*self.draft.plan.codes, *self.draft.plan.seen, *taken}
        free = codes.next_codes(parent, level, kind, taken=used)
        if not free:
            raise Refused(_("Please give a code: the pattern does not tell the next one."), field="code")
        return free[0]


def _area(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=130, help_text=gettext_lazy("Code or name."))


def _code() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Code"),
        max_length=24,
        required=False,
        help_text=gettext_lazy("Empty: the next free one."),
    )


def _name() -> forms.CharField:
    return forms.CharField(label=pgettext_lazy("area", "Name"), max_length=100)


def _shape(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Boundary"), required=required, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 6, "class": "font-monospace"}),
        help_text=gettext_lazy("GeoJSON, or one point a line: 118.905 32.905"),
    )  # fmt: skip


def _crs() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("Coordinate system"),
        choices=[(crs.value, crs.name) for crs in CRS],
        initial=CRS.WGS84.value,
    )


class CreateForm(StepForm):
    """A new area."""

    parent = _area(gettext_lazy("In"))
    level = forms.ChoiceField(label=gettext_lazy("Level"), choices=Level.choices, initial=Level.GRID)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=GridKind.choices, required=False)
    name = _name()
    code = _code()
    shape = _shape(required=False)
    crs = _crs()

    def step(self) -> Step:
        given = self.cleaned_data
        parent, level = self.node("parent"), given.get("level") or codes.UNIT_GRID
        kind = given["kind"] if level in GRIDS else ""
        shape = read_area(given["shape"], CRS(given["crs"])) if given["shape"].strip() else None
        code = self.free_code(parent.code, level, kind, given["code"])
        return lambda plan, before: steps.create(
            plan,
            before,
            code=code,
            name=given.get("name", ""),
            level=level,
            kind=kind,
            parent=parent.code,
            shape=shape,
        )


class RenameForm(StepForm):
    """Another name, for a grid perhaps another kind."""

    area = _area(gettext_lazy("Area"))
    name = forms.CharField(label=gettext_lazy("New name"), max_length=100)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[("", gettext_lazy("as it is")), *GridKind.choices],
        required=False,
    )

    def step(self) -> Step:
        node, given = self.node("area"), self.cleaned_data
        if given["kind"] and node.level not in GRIDS:
            raise Refused(_("Only grids have a kind."), field="kind")
        return lambda plan, before: steps.rename(
            plan, before, code=node.code, name=given["name"], kind=given["kind"] or None
        )


class EndForm(StepForm):
    """An area ends."""

    area = _area(gettext_lazy("Area"))
    into = forms.CharField(
        label=gettext_lazy("Its ground goes to"), max_length=130, required=False,
        help_text=gettext_lazy("An area of the same level, by code or name. Empty: nobody follows."),
    )  # fmt: skip

    def step(self) -> Step:
        node = self.node("area")
        into = self.node("into").code if self.cleaned_data["into"].strip() else ""
        return lambda plan, before: steps.end(plan, before, code=node.code, into=into)


class SplitForm(StepForm):
    """An area becomes several along a line."""

    area = _area(gettext_lazy("Area"))
    line = forms.CharField(
        label=gettext_lazy("Dividing line"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4, "class": "font-monospace"}),
        help_text=gettext_lazy("GeoJSON, or one point a line. It begins and ends outside the area."),
    )  # fmt: skip
    crs = _crs()
    names = forms.CharField(
        label=gettext_lazy("Names of the parts"), required=False, max_length=MOST_NAMES, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One a line, the most western first; a code may stand before the name. Empty: they are numbered."),
    )  # fmt: skip

    def step(self) -> Step:
        node, line = self.node("area"), read_line(self.cleaned_data["line"], CRS(self.cleaned_data["crs"]))
        said = [name.strip() for name in self.cleaned_data.get("names", "").splitlines() if name.strip()]
        parts = self.parts(node, said, len(steps.cut(node, line)))
        return lambda plan, before: steps.split(plan, before, code=node.code, line=line, parts=parts)

    def parts(self, node: Node, said: list[str], count: int) -> list[tuple[str, str]]:
        """A code and a name for each part."""
        names = said or [f"{node.name}-{number}" for number in range(1, count + 1)]
        found: list[tuple[str, str]] = []
        for name in names:
            first, _space, rest = name.partition(" ")
            own = re.fullmatch(codes.pattern_of(node.level, node.kind), first) is not None and rest.strip()
            taken = tuple(code for code, _name in found)
            code = first if own else self.free_code(node.parent, node.level, node.kind, taken=taken)
            found.append((code, rest.strip() if own else name))
        return found


class MergeForm(StepForm):
    """Several areas become one."""

    olds = forms.CharField(
        label=gettext_lazy("Areas"), max_length=MOST_NAMES, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("The codes, one a line or with commas."),
    )  # fmt: skip
    name = _name()
    code = _code()

    def step(self) -> Step:
        olds = [code for code in re.split(r"[\s,，、;；]+", self.cleaned_data["olds"]) if code]
        first = steps.find(self.draft.after, olds[0]) if olds else None
        if first is None:
            raise Refused(_("Choose at least two areas to merge."), field="olds")
        code = self.free_code(first.parent, first.level, first.kind, self.cleaned_data["code"])
        name = self.cleaned_data.get("name", "")
        return lambda plan, before: steps.merge(plan, before, olds=olds, code=code, name=name)


class MoveForm(StepForm):
    """An area goes to another parent."""

    area = _area(gettext_lazy("Area"))
    parent = _area(gettext_lazy("New parent"))

    def step(self) -> Step:
        node, parent = self.node("area"), self.node("parent")
        return lambda plan, before: steps.move(plan, before, code=node.code, parent=parent.code)


class RedrawForm(StepForm):
    """Another boundary, typed or pasted."""

    area = _area(gettext_lazy("Area"))
    shape = _shape(required=True)
    crs = _crs()
    neighbours_follow = forms.BooleanField(
        label=gettext_lazy("The areas beside it give and take the difference"), required=False, initial=True
    )

    def step(self) -> Step:
        node, shape = self.node("area"), read_area(self.cleaned_data["shape"], CRS(self.cleaned_data["crs"]))
        follow = self.cleaned_data["neighbours_follow"]
        return lambda plan, before: steps.redraw(plan, before, {node.code: shape}, neighbours_follow=follow)


def steps_of(change: TerritoryChange) -> dict[str, tuple[Promise, type[StepForm]]]:
    """The steps that a change offers: unit grids have no name to change."""
    about_cells = change.about == TerritoryChange.About.UNIT_GRIDS
    return {word: step for word, step in STEPS.items() if word != "rename" or not about_cells}


# Every step there is: its word in the address, the button, and the form.
STEPS: dict[str, tuple[Promise, type[StepForm]]] = {
    "split": (gettext_lazy("Split an area"), SplitForm),
    "merge": (gettext_lazy("Merge areas"), MergeForm),
    "redraw": (gettext_lazy("Change a boundary"), RedrawForm),
    "create": (gettext_lazy("New area"), CreateForm),
    "rename": (gettext_lazy("Rename an area"), RenameForm),
    "move": (gettext_lazy("Move an area"), MoveForm),
    "end": (gettext_lazy("End an area"), EndForm),
}
