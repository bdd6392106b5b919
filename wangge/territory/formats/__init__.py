"""Files of geography in and out: GeoJSON, Shapefile, GeoPackage, KML and CSV, opened by the ending of their name.

Reading gives features one by one, whatever the format, so that a large file never stands in memory whole.
"""
