from django.db import migrations, models

# Counts of years and of all time beside those of months and days: a tile then reads a few counts, however long ago the
# first case was filed. What is there is noted again, and the next fold counts it.
ANEW = """
DELETE FROM cases_maptally;
DELETE FROM cases_mapchange;
INSERT INTO cases_mapchange (cell, hour, area_path, "group", n, open, lons, lats)
SELECT c.cell >> 30, date_trunc('hour', c.filed_at), c.area_path, coalesce(m.group_id, 0),
       count(*), count(*) FILTER (WHERE c.closed_at IS NULL), sum(c.lon), sum(c.lat)
FROM cases_case c LEFT JOIN cases_matterclass m ON m.id = c.matter_id
WHERE cases_on_map(c) GROUP BY 1, 2, 3, 4;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0021_tally_by_its_index")]

    operations = [
        migrations.RunSQL(ANEW, ANEW),
        migrations.RemoveConstraint("maptally", "map_tally_once"),
        migrations.RemoveField("maptally", "month"),
        migrations.AddField(
            "maptally",
            "span",
            models.SmallIntegerField(default=0, help_text="0 a day, 1 a month, 2 a year, 3 all time"),
            preserve_default=False,
        ),
        migrations.AlterField(
            "maptally",
            "day",
            models.DateField(help_text="the first of the span; 1900-01-01 for all time"),
        ),
        migrations.AddConstraint(
            "maptally",
            models.UniqueConstraint(
                fields=("zoom", "span", "day", "cell", "area_path"),
                include=("n", "open", "lons", "lats"),
                name="map_tally_once",
            ),
        ),
    ]
