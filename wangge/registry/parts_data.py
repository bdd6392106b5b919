"""The part classes of GB/T 47678.5-2026 (annex A) as shipped with the program."""

from dataclasses import dataclass
from pathlib import Path

from wangge.common.data_rows import Once, read_rows

PARTS_2026 = Path(__file__).parent / "data" / "parts_2026.csv"
STANDARD = "GB/T 47678.5-2026"


@dataclass(frozen=True, slots=True)
class PartClass:
    """What a facility is: a five-digit code (major 2 + minor 3), Chinese and English names."""

    code: str
    major_code: str
    major_zh: str
    major_en: str
    name_zh: str
    name_en: str


def read_parts(path: Path = PARTS_2026) -> tuple[PartClass, ...]:
    """The 153 part classes in the order of the standard; raises `DataFault` on a faulty table.

    Source: GB/T 47678.5-2026 annex A. Numbers missing there (01016 …) are missing here.
    """
    once, parts = Once(), []
    for row in read_rows(path, ("code", "major_code", "major_zh", "major_en", "name_zh", "name_en")):
        major = row.code("major_code", "0[1-5]")
        code = row.code("code", major + r"\d{3}")
        once(row, "code", code)
        parts.append(
            PartClass(
                code,
                major,
                row.text("major_zh"),
                row.text("major_en"),
                row.text("name_zh"),
                row.text("name_en"),
            )
        )
    return tuple(parts)
