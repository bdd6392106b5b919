"""What happened to a matter, as plain data: what was said, and the steps people took, in time order."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Said:
    """One report. Point: WGS84 degrees. `scene` names a picture of `demo.pictures`, empty where nobody took one.

    `key` is the same for the same district and seed, so that loading twice makes no second report.
    """

    key: str
    at: datetime
    channel: str
    kind: str
    text: str
    lon: float
    lat: float
    address: str
    grid_code: str
    matter_code: str
    scene: str = ""
    by: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    street_only: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `verb` as in `wangge.cases.workflow` (plus `add`, the reporter's further words).

    `by` is an account name, empty for the system and for reporters; `report` says whose step it is; `unit`,
    `reason`, `condition`, `matter`, `solved`, `result`, `attitude`, `after_scene` come in `extra` where the verb
    needs them.
    """

    verb: str
    at: datetime
    by: str = ""
    role: str = ""
    note: str = ""
    report: int = 0
    extra: dict[str, str | int | bool] = field(default_factory=dict)


@dataclass(slots=True)
class Story:
    """A matter from the first report to where it stands; the first of `said` makes the case, others are joined.

    `stage` is where it stands at the end of the story, `late` whether a unit missed or is missing its limit.
    """

    said: list[Said]
    steps: list[Step]
    matter_code: str
    condition: int
    unit_code: str
    stage: str
    late: bool = False

    @property
    def begun(self) -> datetime:
        return self.said[0].at
