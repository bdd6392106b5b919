"""The dry run: which cases of the last weeks would have gone elsewhere, or had another limit, under a draft.

Both sides are asked the same question, the duty list's answer for class, place and moment of filing; what people then
decided otherwise does not enter, nor do confidential cases. Set-based: the rows of both sides go into temporary tables,
one statement compares.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from wangge.accounts.access import demand_role
from wangge.accounts.models import Account, AdminRole, Unit
from wangge.cases.configuration.content import Content
from wangge.cases.configuration.drafts import content_with
from wangge.cases.configuration.tables.classes import class_ids
from wangge.cases.configuration.tables.duty import area_ids
from wangge.cases.models import ConfigDraft, DryRun, FilingCondition
from wangge.common.refusals import Refused

DAYS = 30  # "last month", unless said
OLD, NEW = 0, 1

TEMPORARY = """
CREATE TEMPORARY TABLE try_condition (
    side smallint, id bigint, limit_words text, unit_role text, in_force boolean
) ON COMMIT DROP;
CREATE TEMPORARY TABLE try_duty (
    side smallint, area_id bigint, unit_role text, matter_id bigint, unit_id bigint, season_from text, season_to text,
    starts time, ends time, valid_from date, valid_to date, limited boolean
) ON COMMIT DROP;
"""
INTO_CONDITIONS = "COPY try_condition FROM STDIN"
INTO_DUTY = "COPY try_duty FROM STDIN"

# The order of rows and their times are those of `wangge.cases.duty` (`propose_unit`, `holds`); a test compares both.
HOLDS = """
    (valid_from IS NULL OR at::date >= valid_from) AND (valid_to IS NULL OR at::date < valid_to)
    AND (season_from = '' OR CASE WHEN season_from <= season_to
         THEN to_char(at, 'MM-DD') BETWEEN season_from AND season_to
         ELSE to_char(at, 'MM-DD') >= season_from OR to_char(at, 'MM-DD') <= season_to END)
    AND (starts IS NULL OR CASE WHEN starts <= ends THEN at::time >= starts AND at::time < ends
         ELSE at::time >= starts OR at::time < ends END)
"""
COMPARE = f"""
WITH tried AS MATERIALIZED (
    SELECT id, area_path, matter_id, condition_id, filed_at AT TIME ZONE %(zone)s AS at
    FROM cases_case WHERE filed_at >= %(since)s AND filed_at < %(until)s AND condition_id IS NOT NULL
          AND NOT confidential
), around AS MATERIALIZED (
    SELECT area_path, part::bigint AS area_id, depth
    FROM (SELECT DISTINCT area_path FROM tried) paths,
         unnest(string_to_array(trim(both '/' from area_path), '/')) WITH ORDINALITY AS parts (part, depth)
), candidates AS (
    SELECT tried.id, side, unit_id, depth, TRUE AS by_class, limited
    FROM tried JOIN around USING (area_path)
    JOIN try_duty duty ON duty.area_id = around.area_id AND duty.matter_id = tried.matter_id
    WHERE {HOLDS}
    UNION ALL
    SELECT tried.id, duty.side, unit_id, depth, FALSE, limited
    FROM tried JOIN try_condition wanted ON wanted.id = tried.condition_id JOIN around USING (area_path)
    JOIN try_duty duty ON duty.area_id = around.area_id AND duty.side = wanted.side
                      AND duty.matter_id IS NULL AND duty.unit_role = wanted.unit_role
    WHERE {HOLDS}
), proposed AS (
    SELECT DISTINCT ON (id, side) id, side, unit_id
    FROM candidates ORDER BY id, side, by_class DESC, depth DESC, limited DESC
)
INSERT INTO cases_dryrunline (run_id, case_id, old_unit_id, new_unit_id, old_limit, new_limit, refiled)
SELECT %(run)s, tried.id, before.unit_id, after.unit_id, old.limit_words, coalesce(new.limit_words, old.limit_words),
       old.in_force AND NOT coalesce(new.in_force, FALSE)
FROM tried
JOIN try_condition old ON old.id = tried.condition_id AND old.side = {OLD}
LEFT JOIN try_condition new ON new.id = tried.condition_id AND new.side = {NEW}
LEFT JOIN proposed before ON before.id = tried.id AND before.side = {OLD}
LEFT JOIN proposed after ON after.id = tried.id AND after.side = {NEW}
WHERE before.unit_id IS DISTINCT FROM after.unit_id
   OR old.limit_words <> coalesce(new.limit_words, old.limit_words)
   OR (old.in_force AND NOT coalesce(new.in_force, FALSE))
"""  # noqa: S608  # only our own text is put in
COUNT = """
SELECT count(*) FROM cases_case WHERE filed_at >= %s AND filed_at < %s AND condition_id IS NOT NULL
  AND NOT confidential
"""

# The numbers of a dry run and the lines behind each of them.
OTHER_UNIT = ~Q(old_unit=F("new_unit")) | Q(old_unit=None)
KINDS: Mapping[str, Q] = {
    "elsewhere": Q(new_unit__isnull=False) & OTHER_UNIT,
    "nowhere": Q(new_unit=None, old_unit__isnull=False),
    "other_limit": ~Q(old_limit=F("new_limit")),
    "refiled": Q(refiled=True),
}


@transaction.atomic
def try_out(draft: ConfigDraft, *, by: Account, at: datetime, days: int = DAYS) -> DryRun:
    """Try a draft on the cases filed in the last days and keep what would have been otherwise. Raises Refused."""
    demand_role(by, AdminRole.SYSTEM)
    draft = ConfigDraft.objects.select_for_update().get(pk=draft.pk)
    if not draft.is_open:
        raise Refused(_("This draft is no longer open."))
    DryRun.objects.filter(draft=draft).delete()
    since = at - timedelta(days=days)
    run = DryRun.objects.create(draft=draft, by=by, ran_at=at, since=since, cases=_cases(since, at))
    _compare(run, draft, since, at)
    return run


def _cases(since: datetime, until: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [since, until])
        return int(cursor.fetchone()[0])


def _compare(run: DryRun, draft: ConfigDraft, since: datetime, until: datetime) -> None:
    both = content_with(draft)
    with connection.cursor() as cursor:
        cursor.execute(TEMPORARY)
        _fill(cursor, both.published, OLD)
        _fill(cursor, both.wanted, NEW)
        cursor.execute("ANALYZE try_condition, try_duty")
        # A sort of half a million short rows is quicker in memory than through files.
        cursor.execute("SET LOCAL work_mem = '64MB'")
        zone = settings.TIME_ZONE
        cursor.execute(COMPARE, {"zone": zone, "since": since, "until": until, "run": run.pk})
        cursor.execute("DROP TABLE try_condition, try_duty")


def _fill(cursor: Any, content: Content, side: int) -> None:
    # Lists, not iterators: while rows are copied in, the connection cannot be asked for others.
    for statement, rows in (
        (INTO_CONDITIONS, list(_conditions(content))),
        (INTO_DUTY, list(_duty(content))),
    ):
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row((side, *row))


def _conditions(content: Content) -> Iterator[tuple[object, ...]]:
    """Rows of try_condition; one that no case has yet is left out."""
    ids = {
        f"{code}|{ordinal}": pk
        for pk, code, ordinal in FilingCondition.objects.values_list("pk", "matter__code", "ordinal")
    }
    for key, row in content["conditions"].items():
        if key in ids and row["limit"]:
            matter = content["classes"].get(row["matter"])
            in_force = bool(row["in_force"] and matter and matter["in_force"])
            yield ids[key], " ".join(row["limit"]), row["unit_role"], in_force


def _duty(content: Content) -> Iterator[tuple[object, ...]]:
    """Rows of try_duty; closed units take no cases, and what is not there yet has none."""
    areas, matters = area_ids(), class_ids()
    units = dict(Unit.objects.filter(closed_on=None).values_list("code", "pk"))
    for row in content["duty"].values():
        if (
            row["area"] not in areas
            or row["unit"] not in units
            or (row["matter"] and row["matter"] not in matters)
        ):
            continue
        starts, _to, ends = row["hours"].partition("-")
        times = (
            row["season_from"],
            row["season_to"],
            starts or None,
            ends or None,
            row["valid_from"],
            row["valid_to"],
        )
        yield (
            areas[row["area"]], row["unit_role"], matters.get(row["matter"]), units[row["unit"]], *times, any(times),
        )  # fmt: skip
