"""The statements that derive facts; each takes `ids`, so that one subject and a million are made by the same words.

The words in braces are the lists of `ends.py`. A stretch with a clock is found by its clock and ended by the event of
the same moment; the whole of a case and of a report is found in the events alone.
"""

from django.conf import settings

from wangge.insight.facts import ends
from wangge.insight.models import FactKind


def _verbs(*words: str) -> str:
    return "(" + ", ".join(f"'{word}'" for word in words) + ")"


def _done_by_kind() -> str:
    """The verbs that end each kind of clock well, as rows of SQL."""
    return ", ".join(f"('{kind}', '{verb}')" for kind, verbs in ends.DONE.items() for verb in verbs)


def _grid(subject: str, moment: str) -> str:
    """The grid of the day as `g`, and as `was` how it was that day: an area that moved since counts where it lay."""
    day = f"({subject}.{moment} AT TIME ZONE '{settings.TIME_ZONE}')::date"
    return f"""LEFT JOIN territory_area g ON g.id = {subject}.grid_id
    LEFT JOIN territory_formerstate was
        ON was.area_id = {subject}.grid_id AND was.valid_from <= {day} AND was.valid_to > {day}"""


INSERT = """
INSERT INTO insight_stagefact (kind, ordinal, report_id, case_id, unit_id, area_path, opened_by_id, ended_by_id,
    started_at, due_at, ended_at, in_time, outcome, channel, confirmed, level, reworks, returns, extensions,
    suspensions, urgings, supervisions, escalations, solved, result, attitude)
"""

# The step that ended a clock: of the events of that moment the one that ends such a stretch well, else the first.
ENDING = f"""
LEFT JOIN LATERAL (
    SELECT e.seq, e.verb, e.actor_id FROM audit_event e
    WHERE e.subject_id = k.subject_id AND e.at = k.stopped_at
    ORDER BY ((k.kind, e.verb) IN ({_done_by_kind()})) DESC, e.seq LIMIT 1
) e ON true
"""  # noqa: S608  # words of our own

# The unit that had the case before an event: the one it was last given to; "" when it was taken back.
UNIT_CODES = f"""
    SELECT CASE WHEN g.verb IN {_verbs(*ends.TAKES_FROM_UNIT)} THEN '' ELSE p.data->>'unit_code' END AS code
    FROM audit_event g LEFT JOIN audit_payload p ON p.event_id = g.id
    WHERE g.verb IN {_verbs(*ends.GIVES_TO_UNIT, *ends.TAKES_FROM_UNIT)}
"""  # noqa: S608

CLOCKS_OF_CASES = f"""
{INSERT}
SELECT k.kind, row_number() OVER (PARTITION BY k.subject_id, k.kind ORDER BY k.started_at, k.id), NULL, k.subject_id,
    CASE WHEN k.kind IN ('dispatch', 'arbitrate') THEN NULL WHEN given.code = '' THEN NULL
         ELSE coalesce(unit.id, k.unit_id) END,
    k.path, NULL, e.actor_id, k.started_at, k.due_at, k.stopped_at, k.stopped_at <= k.due_at, coalesce(e.verb, ''),
    '', false, '', 0, coalesce(next.returned, 0), coalesce(longer.times, 0), 0, 0, 0, 0, NULL, NULL, NULL
FROM (
    SELECT k.id, k.kind, k.case_id AS subject_id, k.started_at, k.due_at, k.stopped_at, c.unit_id,
           coalesce(was.path, g.path, c.area_path) AS path
    FROM cases_clock k JOIN cases_case c ON c.id = k.case_id {_grid("c", "filed_at")}
    WHERE k.case_id = ANY(%(ids)s) AND k.kind <> 'whole' AND NOT c.confidential
) k
{ENDING}
LEFT JOIN LATERAL (
    {UNIT_CODES} AND g.subject_id = k.subject_id AND (e.seq IS NULL OR g.seq < e.seq) ORDER BY g.seq DESC LIMIT 1
) given ON k.kind IN ('sign_off', 'handle', 'check')
LEFT JOIN accounts_unit unit ON unit.code = given.code
LEFT JOIN LATERAL (
    SELECT (n.verb = 'send_back')::int AS returned FROM audit_event n
    WHERE n.subject_id = k.subject_id AND n.seq > e.seq
      AND n.verb IN {_verbs("finish", "dispatch", *ends.TAKES_FROM_UNIT, *ends.ENDS_CASE)}
    ORDER BY n.seq LIMIT 1
) next ON k.kind = 'dispatch' AND e.verb = 'dispatch'
LEFT JOIN LATERAL (
    SELECT count(*) AS times FROM audit_event x
    WHERE x.subject_id = k.subject_id AND x.verb = 'extend' AND x.at >= k.started_at
      AND (k.stopped_at IS NULL OR x.at <= k.stopped_at)
) longer ON k.kind = 'handle'
"""  # noqa: S608

# One row for each time a case was open, by the channel of the report it was opened for, wherever that one went since;
# `upto` is the place in the chain at which the next one begins.
WHOLE_CASES = f"""
{INSERT}
SELECT 'whole', r.ordinal, NULL, r.subject_id, CASE WHEN given.code = '' THEN NULL ELSE coalesce(unit.id, c.unit_id) END,
    coalesce(was.path, g.path, c.area_path), r.actor_id, fin.actor_id, r.at, k.due_at, fin.at,
    CASE WHEN fin.verb = 'settle' THEN true ELSE fin.at <= k.due_at END, coalesce(fin.verb, ''),
    coalesce(first.channel, ''), coalesce(first.finding = 'confirmed', false),
    CASE WHEN fin.verb NOT IN {_verbs(*ends.DONE[FactKind.WHOLE])} OR fin.verb IS NULL THEN ''
         WHEN fin.verb = 'settle' THEN 'grid'
         WHEN unit.kind IN ('station', 'committee') THEN 'community'
         ELSE coalesce(handed.level, later.level, held.level, desk.level, '') END,
    what.reworks, what.returns, what.extensions, what.suspensions, said.urgings, what.supervisions, what.escalations,
    NULL, NULL, NULL
FROM (
    SELECT subject_id, seq, verb, at, actor_id, row_number() OVER w AS ordinal, lead(seq) OVER w AS upto,
           lead(at) OVER w AS upto_at
    FROM audit_event WHERE subject_id = ANY(%(ids)s) AND subject_kind = 'case' AND verb IN {_verbs(*ends.OPENS_CASE)}
    WINDOW w AS (PARTITION BY subject_id ORDER BY seq)
) r
JOIN cases_case c ON c.id = r.subject_id AND NOT c.confidential
{_grid("c", "filed_at")}
LEFT JOIN LATERAL (
    SELECT e.at, e.verb, e.actor_id, e.seq FROM audit_event e
    WHERE e.subject_id = r.subject_id AND e.seq >= r.seq AND (r.upto IS NULL OR e.seq < r.upto)
      AND e.verb IN {_verbs(*ends.ENDS_CASE)} ORDER BY e.seq LIMIT 1
) fin ON true
LEFT JOIN LATERAL (
    SELECT k.due_at FROM cases_clock k
    WHERE k.case_id = r.subject_id AND k.kind = 'whole' AND k.started_at >= r.at
      AND (r.upto_at IS NULL OR k.started_at < r.upto_at)
    ORDER BY k.started_at DESC LIMIT 1
) k ON true
LEFT JOIN LATERAL (
    {UNIT_CODES} AND g.subject_id = r.subject_id AND (r.upto IS NULL OR g.seq < r.upto) ORDER BY g.seq DESC LIMIT 1
) given ON true
LEFT JOIN accounts_unit unit ON unit.id = CASE WHEN given.code IS NULL THEN c.unit_id
    ELSE coalesce((SELECT u.id FROM accounts_unit u WHERE u.code = given.code), c.unit_id) END
LEFT JOIN LATERAL (
    SELECT p.data->>'to_level' AS level FROM audit_event h JOIN audit_payload p ON p.event_id = h.id
    WHERE h.subject_id = r.subject_id AND h.verb IN ('hand_up', 'hand_down') AND (fin.seq IS NULL OR h.seq < fin.seq)
    ORDER BY h.seq DESC LIMIT 1
) handed ON true
LEFT JOIN LATERAL (
    SELECT p.data->>'from_level' AS level FROM audit_event h JOIN audit_payload p ON p.event_id = h.id
    WHERE h.subject_id = r.subject_id AND h.verb IN ('hand_up', 'hand_down') AND h.seq > fin.seq
    ORDER BY h.seq LIMIT 1
) later ON later.level NOT IN ('', 'grid', 'micro')
LEFT JOIN territory_area held ON held.path = c.held_path AND held.level NOT IN ('grid', 'micro')
LEFT JOIN LATERAL (
    SELECT a.level FROM territory_area a
    JOIN territory_unitarea ua ON ua.area_id = a.id JOIN accounts_unit u ON u.id = ua.unit_id AND u.kind = 'centre'
    WHERE a.id = ANY(string_to_array(trim(BOTH '/' FROM c.area_path), '/')::bigint[])
    ORDER BY length(a.path) DESC LIMIT 1
) desk ON fin.verb = 'close'
LEFT JOIN LATERAL (
    SELECT (q.data->>'report')::bigint AS number FROM audit_event o JOIN audit_payload q ON q.event_id = o.id
    WHERE o.subject_id = r.subject_id AND o.verb IN {_verbs(*ends.BEGINS_CASE)} ORDER BY o.seq LIMIT 1
) opener ON true
LEFT JOIN LATERAL (
    SELECT p.channel, p.finding FROM cases_report p WHERE p.number = opener.number OR p.case_id = r.subject_id
    ORDER BY (p.number = opener.number) DESC NULLS LAST, p.received_at, p.id LIMIT 1
) first ON true
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE verb = 'fail_check') AS reworks,
           count(*) FILTER (WHERE verb = 'send_back') AS returns,
           count(*) FILTER (WHERE verb = 'extend') AS extensions,
           count(*) FILTER (WHERE verb = 'suspend') AS suspensions,
           count(*) FILTER (WHERE verb = 'supervise') AS supervisions,
           count(*) FILTER (WHERE verb = 'escalate') AS escalations
    FROM audit_event e
    WHERE e.subject_id = r.subject_id AND e.seq >= r.seq AND (r.upto IS NULL OR e.seq < r.upto)
) what
CROSS JOIN LATERAL (
    SELECT count(*) AS urgings FROM cases_report p JOIN audit_event e ON e.subject_id = p.id AND e.verb = 'urge'
    WHERE p.case_id = r.subject_id AND e.at >= r.at AND (r.upto_at IS NULL OR e.at < r.upto_at)
) said
"""  # noqa: S608

CLOCKS_OF_REPORTS = f"""
{INSERT}
SELECT k.kind, row_number() OVER (PARTITION BY k.subject_id, k.kind ORDER BY k.started_at, k.id), k.subject_id, NULL,
    NULL, k.path, NULL, e.actor_id, k.started_at, k.due_at, k.stopped_at, k.stopped_at <= k.due_at, coalesce(e.verb, ''),
    k.channel, k.finding = 'confirmed', '', 0, 0, 0, 0, 0, 0, 0, NULL, NULL, NULL
FROM (
    SELECT k.id, k.kind, k.report_id AS subject_id, k.started_at, k.due_at, k.stopped_at, r.channel, r.finding,
           coalesce(was.path, g.path, r.area_path) AS path
    FROM cases_clock k JOIN cases_report r ON r.id = k.report_id {_grid("r", "received_at")}
    WHERE k.report_id = ANY(%(ids)s) AND NOT r.confidential
) k
{ENDING}
"""  # noqa: S608

# The desk's decision, and the way of the reporter to an answer: in time is whether the desk looked at it in time.
WHOLE_REPORTS = f"""
{INSERT}
SELECT what.kind, 1, r.id, NULL, c.unit_id, coalesce(was.path, g.path, r.area_path), r.received_by_id, what.actor_id, r.received_at,
    NULL, what.at, what.in_time, coalesce(what.verb, ''), r.channel, r.finding = 'confirmed', '', 0, 0, 0, 0, said.urgings,
    0, 0, what.solved, what.result, what.attitude
FROM cases_report r
LEFT JOIN cases_case c ON c.id = r.case_id
{_grid("r", "received_at")}
LEFT JOIN LATERAL (
    SELECT e.at, e.verb, e.actor_id FROM audit_event e
    WHERE e.subject_id = r.id AND e.verb IN {_verbs(*ends.DECIDES_REPORT)} AND e.seq > coalesce((
        SELECT max(u.seq) FROM audit_event u WHERE u.subject_id = r.id AND u.verb IN {_verbs(*ends.UNDOES_DECISION)}
    ), 0)
    ORDER BY e.seq LIMIT 1
) d ON true
LEFT JOIN LATERAL (
    SELECT e.at, e.verb, e.actor_id FROM audit_event e
    WHERE e.subject_id = r.case_id AND e.verb IN {_verbs("reopen", *ends.ENDS_CASE)} ORDER BY e.seq DESC LIMIT 1
) fin ON fin.verb <> 'reopen'
LEFT JOIN LATERAL (
    SELECT k.stopped_at <= k.due_at AS in_time FROM cases_clock k
    WHERE k.report_id = r.id AND k.kind = 'accept' ORDER BY k.started_at, k.id LIMIT 1
) looked ON true
LEFT JOIN cases_rating rating ON rating.report_id = r.id
CROSS JOIN LATERAL (
    SELECT count(*) AS urgings FROM audit_event e WHERE e.subject_id = r.id AND e.verb = 'urge'
) said
CROSS JOIN LATERAL (VALUES
    ('report', d.at, d.verb, d.actor_id, NULL::boolean, NULL::boolean, NULL::smallint, NULL::smallint),
    ('reply', CASE WHEN r.case_id IS NULL THEN d.at ELSE fin.at END,
              CASE WHEN r.case_id IS NULL THEN d.verb ELSE fin.verb END,
              CASE WHEN r.case_id IS NULL THEN d.actor_id ELSE fin.actor_id END,
              looked.in_time, rating.solved, rating.result, rating.attitude)
) what (kind, at, verb, actor_id, in_time, solved, result, attitude)
WHERE r.id = ANY(%(ids)s) AND NOT r.confidential
"""  # noqa: S608

OF_CASES = (CLOCKS_OF_CASES, WHOLE_CASES)
OF_REPORTS = (CLOCKS_OF_REPORTS, WHOLE_REPORTS)
