"""OpenStreetMap extracts (.osm.pbf) as the map's ground: roads, water, green, places, and buildings with their floors.

The data is © OpenStreetMap contributors under the ODbL; whoever shows it says so.
"""
