"""The classes of facilities of the standard."""

from wangge.registry.models import FacilityClass
from wangge.registry.parts_data import STANDARD, read_parts


def store_classes() -> dict[str, int]:
    """Store what is missing of the 153 classes of the standard; return the keys of all of its classes by code."""
    FacilityClass.objects.bulk_create(
        [
            FacilityClass(
                standard=STANDARD,
                code=part.code,
                major_code=part.major_code,
                major_name=part.major_zh,
                major_name_en=part.major_en,
                name=part.name_zh,
                name_en=part.name_en,
            )
            for part in read_parts()
        ],
        ignore_conflicts=True,
    )
    return dict(FacilityClass.objects.filter(standard=STANDARD).values_list("code", "pk"))
