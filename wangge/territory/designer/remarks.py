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
    "outside": _("Outside the community, and counted with the nearest block inside: %(count)s."),
    "over_barrier": _("Grids that reach over a barrier, because a side alone fits no grid: %(count)s."),
    "out_of_band": _("Grids outside the band, for no division in the band was found: %(count)s."),
    "apart": _("Grids in more than one piece, because the community is: %(count)s."),
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
