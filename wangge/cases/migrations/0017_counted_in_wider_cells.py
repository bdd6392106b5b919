from django.db import migrations, models

# Days counted in cells of 500 m were nearly as many rows as there are cases; 1 km is enough between circles and points.
ANEW = """
DROP FUNCTION cases_map_sum;
DELETE FROM cases_maptally;
DELETE FROM cases_mapchange;
INSERT INTO cases_mapchange (cell, hour, area_path, "group", n, open, lons, lats)
SELECT c.cell >> 30, date_trunc('hour', c.filed_at), c.area_path, coalesce(m.group_id, 0),
       count(*), count(*) FILTER (WHERE c.closed_at IS NULL), sum(c.lon), sum(c.lat)
FROM cases_case c LEFT JOIN cases_matterclass m ON m.id = c.matter_id
WHERE cases_on_map(c) GROUP BY 1, 2, 3, 4;
"""
BACK = """
DELETE FROM cases_maptally;
CREATE FUNCTION cases_map_sum(one jsonb, other jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(jsonb_object_agg(key, total), '{}') FROM (
        SELECT key, sum(value::int) AS total
        FROM (SELECT * FROM jsonb_each_text(one) UNION ALL SELECT * FROM jsonb_each_text(other)) both_of_them
        GROUP BY key HAVING sum(value::int) <> 0
    ) summed
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0016_replies_follow_calendars")]

    operations = [
        migrations.RunSQL(ANEW, BACK),
        migrations.AlterField("maptally", "zoom", models.SmallIntegerField(help_text="13 or 15")),
        migrations.AlterField(
            "maptally",
            "groups",
            models.JSONField(
                default=dict, help_text="by id of the group: how many cases, and how many of them open"
            ),
        ),
    ]
