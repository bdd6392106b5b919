"""What the import commands of files of geography are told alike."""

from pathlib import Path

from django.core.management.base import CommandParser

from wangge.territory.formats.opening import ENDINGS


def add_file(parser: CommandParser) -> None:
    """Which file, in which coordinate system, which of its layers; and whether it is only tried."""
    parser.add_argument("file", type=Path, help=", ".join(ENDINGS))
    parser.add_argument(
        "--crs",
        help="the coordinate system of the file, where it does not say it or says it wrongly: wgs84, cgcs2000, "
        "gcj02, bd09, epsg:4490, epsg:4513 to 4554 …; it is stored as wgs84",
    )
    parser.add_argument("--layer", help="the layer, where the file has several")
    parser.add_argument("--dry-run", action="store_true", help="check everything and store nothing")
