"""What is counted for the map is noted by functions and triggers of the database itself."""

# Whatever makes, moves or ends a case (a step, an import by COPY, a re-organisation) is noted by the database itself, so
# that no way of writing can be forgotten. Notes are only added here; `cases.map.tally.fold` takes them into the tally.
NOTES = """
CREATE FUNCTION cases_on_map(c cases_case) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT c.cell IS NOT NULL AND c.lon IS NOT NULL AND NOT c.confidential AND c.stage <> 'void'
$$;

CREATE FUNCTION cases_note_on_map(c cases_case, sign int) RETURNS void LANGUAGE sql AS $$
    INSERT INTO cases_mapchange (cell, hour, area_path, "group", n, open, lons, lats)
    SELECT c.cell >> 28, date_trunc('hour', c.filed_at), c.area_path,
           coalesce((SELECT group_id FROM cases_matterclass WHERE id = c.matter_id), 0),
           sign, CASE WHEN c.closed_at IS NULL THEN sign ELSE 0 END, sign * c.lon, sign * c.lat
    WHERE cases_on_map(c)
$$;

CREATE FUNCTION cases_map_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO cases_mapchange (cell, hour, area_path, "group", n, open, lons, lats)
    SELECT c.cell >> 28, date_trunc('hour', c.filed_at), c.area_path, coalesce(m.group_id, 0),
           count(*), count(*) FILTER (WHERE c.closed_at IS NULL), sum(c.lon), sum(c.lat)
    FROM added c LEFT JOIN cases_matterclass m ON m.id = c.matter_id
    WHERE cases_on_map(c) GROUP BY 1, 2, 3, 4;
    RETURN NULL;
END $$;

CREATE FUNCTION cases_map_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM cases_note_on_map(OLD, -1);
    IF TG_OP = 'UPDATE' THEN
        PERFORM cases_note_on_map(NEW, 1);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER case_added_to_map AFTER INSERT ON cases_case REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION cases_map_added();
CREATE TRIGGER case_moved_on_map AFTER UPDATE ON cases_case FOR EACH ROW
    WHEN ((OLD.cell, OLD.lon, OLD.lat, OLD.area_path, OLD.confidential, OLD.matter_id, OLD.filed_at, OLD.closed_at IS NULL,
           OLD.stage = 'void')
          IS DISTINCT FROM
          (NEW.cell, NEW.lon, NEW.lat, NEW.area_path, NEW.confidential, NEW.matter_id, NEW.filed_at, NEW.closed_at IS NULL,
           NEW.stage = 'void'))
    EXECUTE FUNCTION cases_map_moved();
CREATE TRIGGER case_taken_off_map AFTER DELETE ON cases_case FOR EACH ROW EXECUTE FUNCTION cases_map_moved();

-- The part of a path down to the street: finer areas would make as many counts as there are cases.
CREATE FUNCTION cases_map_area(path text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce('/' || string_agg(part, '/' ORDER BY place) || '/', '/')
    FROM unnest(string_to_array(trim(BOTH '/' FROM path), '/')) WITH ORDINALITY AS u (part, place)
    JOIN territory_area a ON a.id = part::bigint
    WHERE a.level NOT IN ('community', 'grid', 'micro')
$$;
"""

BACK = """
DROP FUNCTION cases_map_area;
DROP FUNCTION cases_map_moved CASCADE;
DROP FUNCTION cases_map_added CASCADE;
DROP FUNCTION cases_note_on_map;
DROP FUNCTION cases_on_map CASCADE;
"""
