"""What a person should know about a proposal, kept as kind and numbers and said in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REMARKS: dict[str, Promise] = {
    "nothing": _("No block lies here, so the community stays one grid."),
    "small": _("The community has %(households)s households, fewer than one grid should have; it stays one."),
    "large_block": _("%(key)s alone has %(households)s households, more than a grid should have."),
    "outside": _("%(count)s blocks lie outside the community and are counted with the nearest one inside."),
    "over_barrier": _("%(count)s grids reach over a barrier, because a side alone fits no grid."),
    "out_of_band": _("%(count)s grids lie outside the band; no division in the band was found."),
    "apart": _("%(count)s grids are in more than one piece, because the community is."),
}


@dataclass(frozen=True)
class Remark:
    """One thing worth knowing; `said` fills the sentence, and both survive as JSON."""

    kind: str
    said: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """In the language of whoever reads it now."""
        return str(REMARKS[self.kind]) % self.said
