"""What holds everybody to the log, whatever the code: functions and triggers of the database itself."""

# The logs only grow: no row is changed or taken out by anybody who comes through the application.
APPENDING = """
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'The log is append-only: % of % is refused.', TG_OP, TG_TABLE_NAME; END $$;
CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_access_append_only BEFORE UPDATE OR DELETE ON audit_accessentry
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_anchor_append_only BEFORE UPDATE OR DELETE ON audit_anchor
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
"""

# Emptying a log is for whoever owns it and says so (`SET wangge.may_truncate = on`): tests and benchmarks begin anew.
# The program's own role in production owns nothing, so that the setting alone opens nothing.
TRUNCATING = """
CREATE FUNCTION audit_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('wangge.may_truncate', true) = 'on'
       AND pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'The log is append-only: TRUNCATE of % is refused.', TG_TABLE_NAME;
END $$;
CREATE TRIGGER audit_event_never_emptied BEFORE TRUNCATE ON audit_event
    EXECUTE FUNCTION audit_refuse_truncate();
CREATE TRIGGER audit_payload_never_emptied BEFORE TRUNCATE ON audit_payload
    EXECUTE FUNCTION audit_refuse_truncate();
CREATE TRIGGER audit_access_never_emptied BEFORE TRUNCATE ON audit_accessentry
    EXECUTE FUNCTION audit_refuse_truncate();
CREATE TRIGGER audit_anchor_never_emptied BEFORE TRUNCATE ON audit_anchor
    EXECUTE FUNCTION audit_refuse_truncate();
"""

# Words are deleted only in a transaction that writes into the access log whose words and why (audit.actions.erase_words).
# age() counts from the running transaction: 0 for what it wrote itself, negative for what its savepoints wrote.
ERASING = """
CREATE FUNCTION audit_refuse_erasing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM audit_accessentry entry JOIN audit_event event ON event.id = OLD.event_id
        WHERE entry.act = 'words_erased' AND entry.subject_id = event.subject_id::text AND age(entry.xmin) <= 0
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'The words of an event are deleted only by erase_words, which writes down that they were.';
END $$;
CREATE TRIGGER audit_payload_never_changed BEFORE UPDATE ON audit_payload
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_payload_erased_by_record BEFORE DELETE ON audit_payload
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_erasing();
"""

BACK = """
DROP FUNCTION audit_refuse_erasing CASCADE;
DROP FUNCTION audit_refuse_truncate CASCADE;
DROP FUNCTION audit_refuse_change CASCADE;
"""
