"""All tables in the order in which they are written: what others name comes first."""

from wangge.cases.configuration.table import Table
from wangge.cases.configuration.tables.classes import CLASSES, CROSSWALK, GROUPS
from wangge.cases.configuration.tables.conditions import CONDITIONS
from wangge.cases.configuration.tables.duty import DUTY
from wangge.cases.configuration.tables.limits import LADDERS, LIMITS, QUOTAS, REMINDERS, RUNGS
from wangge.cases.configuration.tables.lists import EXCLUSIONS, REASONS
from wangge.cases.configuration.tables.questions import QUESTIONS

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        GROUPS, CLASSES, CONDITIONS, CROSSWALK, DUTY, LIMITS, QUOTAS, REMINDERS, LADDERS, RUNGS,
        EXCLUSIONS, REASONS, QUESTIONS,
    )
}  # fmt: skip
