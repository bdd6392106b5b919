from django.db import migrations, models

# Cells of 250 m are counted by month, by year and for all time, so that views of some streets need not read every case
# of all years. What is there is noted again in these cells, and the next fold counts it.
NOTES = """
CREATE OR REPLACE FUNCTION cases_note_on_map(c cases_case, sign int) RETURNS void LANGUAGE sql AS $$
    INSERT INTO cases_mapchange (cell, hour, area_path, "group", n, open, lons, lats)
    SELECT c.cell >> {bits}, date_trunc('hour', c.filed_at), c.area_path,
           coalesce((SELECT group_id FROM cases_matterclass WHERE id = c.matter_id), 0),
           sign, CASE WHEN c.closed_at IS NULL THEN sign ELSE 0 END, sign * c.lon, sign * c.lat
    WHERE cases_on_map(c)
$$;
CREATE OR REPLACE FUNCTION cases_map_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO cases_mapchange (cell, hour, area_path, "group", n, open, lons, lats)
    SELECT c.cell >> {bits}, date_trunc('hour', c.filed_at), c.area_path, coalesce(m.group_id, 0),
           count(*), count(*) FILTER (WHERE c.closed_at IS NULL), sum(c.lon), sum(c.lat)
    FROM added c LEFT JOIN cases_matterclass m ON m.id = c.matter_id
    WHERE cases_on_map(c) GROUP BY 1, 2, 3, 4;
    RETURN NULL;
END $$;
DELETE FROM cases_maptally;
DELETE FROM cases_mapchange;
INSERT INTO cases_mapchange (cell, hour, area_path, "group", n, open, lons, lats)
SELECT c.cell >> {bits}, date_trunc('hour', c.filed_at), c.area_path, coalesce(m.group_id, 0),
       count(*), count(*) FILTER (WHERE c.closed_at IS NULL), sum(c.lon), sum(c.lat)
FROM cases_case c LEFT JOIN cases_matterclass m ON m.id = c.matter_id
WHERE cases_on_map(c) GROUP BY 1, 2, 3, 4;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0022_tally_of_years_and_of_all_time")]

    operations = [
        migrations.RunSQL(NOTES.format(bits=28), NOTES.format(bits=30)),
        migrations.AlterField(
            "mapchange",
            "cell",
            models.BigIntegerField(help_text="the case's cell, cut to the tile of zoom 17"),
        ),
        migrations.AlterField("maptally", "zoom", models.SmallIntegerField(help_text="13, 15 or 17")),
        migrations.AddIndex(
            "case",
            models.Index(
                models.F("cell").bitrightshift(28),
                models.F("filed_at"),
                condition=models.Q(("cell__isnull", False)),
                name="case_cell_filed",
            ),
        ),
    ]
