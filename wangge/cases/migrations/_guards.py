"""Nothing moves without an event: functions and triggers of the database itself."""

# A report, a case or a clock is moved by an action, and an action writes an event. The database holds everybody to it who
# comes through the program, whatever the code: columns that figures and deadlines rest on change only together with the
# number of a new event, and that event must be there. `SET wangge.by_hand = on` opens this to the owner of the tables
# alone (mending by hand, tests that set a moment back); what was changed so is still found by `wangge verify-log`.
GUARDS = """
CREATE FUNCTION cases_by_hand(named regclass) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(current_setting('wangge.by_hand', true) = 'on', false)
       AND pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = named), 'USAGE')
$$;

CREATE FUNCTION cases_refuse_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF cases_by_hand(TG_RELID) THEN
        IF TG_OP = 'DELETE' THEN
            RETURN OLD;
        END IF;
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% of % without an event is refused: take the step by an action (wangge.cases.actions).', TG_OP, TG_TABLE_NAME
        USING HINT = 'A test that sets a moment back does it within wangge.audit.tests.tampering.by_hand().';
END $$;

-- The number of the last event only goes up, and to an event that is there.
CREATE FUNCTION cases_demand_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.event_seq > OLD.event_seq AND EXISTS (
        SELECT FROM audit_event WHERE subject_id = NEW.id AND seq = NEW.event_seq AND digest = NEW.event_digest
    ) OR cases_by_hand(TG_RELID) THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% % names event no. %, which is not there.', TG_TABLE_NAME, NEW.id, NEW.event_seq;
END $$;

CREATE TRIGGER report_moved_with_event BEFORE UPDATE ON cases_report FOR EACH ROW
    WHEN (NEW.event_seq <= OLD.event_seq
          AND (OLD.stage, OLD.case_id, OLD.due_at) IS DISTINCT FROM (NEW.stage, NEW.case_id, NEW.due_at))
    EXECUTE FUNCTION cases_refuse_move();
CREATE TRIGGER report_names_its_event AFTER UPDATE ON cases_report FOR EACH ROW
    WHEN (OLD.event_seq <> NEW.event_seq OR OLD.event_digest <> NEW.event_digest)
    EXECUTE FUNCTION cases_demand_event();
CREATE TRIGGER report_never_deleted BEFORE DELETE ON cases_report FOR EACH ROW EXECUTE FUNCTION cases_refuse_move();

CREATE TRIGGER case_moved_with_event BEFORE UPDATE ON cases_case FOR EACH ROW
    WHEN (NEW.event_seq <= OLD.event_seq
          AND (OLD.stage, OLD.unit_id, OLD.due_at, OLD.whole_due_at)
              IS DISTINCT FROM (NEW.stage, NEW.unit_id, NEW.due_at, NEW.whole_due_at))
    EXECUTE FUNCTION cases_refuse_move();
CREATE TRIGGER case_names_its_event AFTER UPDATE ON cases_case FOR EACH ROW
    WHEN (OLD.event_seq <> NEW.event_seq OR OLD.event_digest <> NEW.event_digest)
    EXECUTE FUNCTION cases_demand_event();
CREATE TRIGGER case_never_deleted BEFORE DELETE ON cases_case FOR EACH ROW EXECUTE FUNCTION cases_refuse_move();

-- A step stops and moves clocks before it writes its event, so this is asked when the transaction ends.
-- age() counts from the running transaction: 0 for what it wrote itself, negative for what its savepoints wrote.
CREATE FUNCTION cases_demand_event_of_clock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT age(xmin) FROM audit_event WHERE subject_id = coalesce(NEW.case_id, NEW.report_id)
        ORDER BY seq DESC LIMIT 1) <= 0 THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'Clock % of % was changed without an event: take the step by an action (wangge.cases.actions).',
        NEW.id, coalesce(NEW.case_id, NEW.report_id);
END $$;
CREATE CONSTRAINT TRIGGER clock_moved_with_event AFTER UPDATE ON cases_clock DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((OLD.kind, OLD.started_at, OLD.stopped_at, OLD.due_at, OLD.limits)
          IS DISTINCT FROM (NEW.kind, NEW.started_at, NEW.stopped_at, NEW.due_at, NEW.limits)
          AND NOT cases_by_hand('cases_clock'))
    EXECUTE FUNCTION cases_demand_event_of_clock();
CREATE TRIGGER clock_never_deleted BEFORE DELETE ON cases_clock FOR EACH ROW EXECUTE FUNCTION cases_refuse_move();
"""

BACK = """
DROP FUNCTION cases_demand_event_of_clock CASCADE;
DROP FUNCTION cases_demand_event CASCADE;
DROP FUNCTION cases_refuse_move CASCADE;
DROP TRIGGER IF EXISTS clock_moved_with_event ON cases_clock;
DROP FUNCTION cases_by_hand CASCADE;
"""
