"""The ground all stories stand on: the shipped configuration, stored once for all tests of a run."""

from wangge.cases.seed import seed_configuration


def lay() -> None:
    """Fill a database that has only its tables."""
    seed_configuration()
