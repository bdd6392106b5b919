import json

import numpy as np
import pytest
import shapely

from benchmarks.__main__ import main
from benchmarks.locate import tessellation


def test_the_tessellation_has_ten_thousand_valid_polygons_of_25_vertices_without_gap_or_overlap() -> None:
    shapes = tessellation(np.random.default_rng(1))
    assert len(shapes) == 10_000
    assert set(shapely.get_num_coordinates(shapes).tolist()) == {25}
    assert shapely.is_valid(shapes).all()
    whole = shapely.coverage_union_all(shapes)
    assert whole.geom_type == "Polygon"
    assert len(whole.interiors) == 0
    assert shapely.area(shapes).sum() == pytest.approx(whole.area)


def test_the_command_prints_json_lines_and_agrees_with_the_yardstick(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["locate", "--size", "2000", "--seconds", "0.2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    bulk, one = json.loads(lines[0]), json.loads(lines[1])
    assert (bulk["size"], bulk["errors"], bulk["unit"]) == (2000, 0, "points/s")
    assert bulk["command"] == "python -m benchmarks locate --size 2000 --seconds 0.2"
    assert one["p50_ms"] <= one["p99_ms"]
