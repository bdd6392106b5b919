from django.db import migrations, models

# Whatever makes, moves or ends a case (a step, an import by COPY, a re-organisation) is noted by the database itself, so
# that no way of writing can be forgotten. Notes are only added here; `cases.map.tally.fold` takes them into the tally.
NOTES = """
CREATE FUNCTION cases_on_map(c cases_case) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT c.cell IS NOT NULL AND c.lon IS NOT NULL AND NOT c.confidential AND c.stage <> 'void'
$$;

CREATE FUNCTION cases_note_on_map(c cases_case, sign int) RETURNS void LANGUAGE sql AS $$
    INSERT INTO cases_mapchange (cell, hour, area_path, "group", n, open, lons, lats)
    SELECT c.cell >> 30, date_trunc('hour', c.filed_at), c.area_path,
           coalesce((SELECT group_id FROM cases_matterclass WHERE id = c.matter_id), 0),
           sign, CASE WHEN c.closed_at IS NULL THEN sign ELSE 0 END, sign * c.lon, sign * c.lat
    WHERE cases_on_map(c)
$$;

CREATE FUNCTION cases_map_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO cases_mapchange (cell, hour, area_path, "group", n, open, lons, lats)
    SELECT c.cell >> 30, date_trunc('hour', c.filed_at), c.area_path, coalesce(m.group_id, 0),
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

-- Counts by name added to counts by name; what has become nothing is left out.
CREATE FUNCTION cases_map_sum(one jsonb, other jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(jsonb_object_agg(key, total), '{}') FROM (
        SELECT key, sum(value::int) AS total
        FROM (SELECT * FROM jsonb_each_text(one) UNION ALL SELECT * FROM jsonb_each_text(other)) both_of_them
        GROUP BY key HAVING sum(value::int) <> 0
    ) summed
$$;

-- The cases that are there already.
INSERT INTO cases_mapchange (cell, hour, area_path, "group", n, open, lons, lats)
SELECT c.cell >> 30, date_trunc('hour', c.filed_at), c.area_path, coalesce(m.group_id, 0),
       count(*), count(*) FILTER (WHERE c.closed_at IS NULL), sum(c.lon), sum(c.lat)
FROM cases_case c LEFT JOIN cases_matterclass m ON m.id = c.matter_id
WHERE cases_on_map(c) GROUP BY 1, 2, 3, 4;
"""
BACK = """
DROP FUNCTION cases_map_sum;
DROP FUNCTION cases_map_area;
DROP FUNCTION cases_map_moved CASCADE;
DROP FUNCTION cases_map_added CASCADE;
DROP FUNCTION cases_note_on_map;
DROP FUNCTION cases_on_map CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_lists_by_unit"), ("territory", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="MapChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cell", models.BigIntegerField(help_text="the case's cell, cut to the tile of zoom 16")),
                ("hour", models.DateTimeField(help_text="in which the case was filed")),
                ("area_path", models.CharField(max_length=160)),
                ("group", models.IntegerField(help_text="id of the group of its class, 0 for none")),
                ("n", models.IntegerField()),
                ("open", models.IntegerField()),
                ("lons", models.FloatField(help_text="sum of longitudes, WGS84 degrees")),
                ("lats", models.FloatField(help_text="sum of latitudes, WGS84 degrees")),
            ],
        ),
        migrations.CreateModel(
            name="MapTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("zoom", models.SmallIntegerField(help_text="13 or 16")),
                ("month", models.BooleanField(help_text="of a whole month, `day` is its first")),
                ("day", models.DateField()),
                ("cell", models.BigIntegerField()),
                ("area_path", models.CharField(max_length=160)),
                ("n", models.IntegerField()),
                ("open", models.IntegerField()),
                ("lons", models.FloatField()),
                ("lats", models.FloatField()),
                (
                    "groups",
                    models.JSONField(
                        default=dict, help_text='by id of the group: {"7": cases, "7o": open ones}'
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="maptally",
            constraint=models.UniqueConstraint(
                fields=("zoom", "month", "day", "cell", "area_path"), name="map_tally_once"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("closed_at", None)), fields=["cell"], name="case_open_cell"
            ),
        ),
        migrations.RunSQL(NOTES, BACK),
    ]
