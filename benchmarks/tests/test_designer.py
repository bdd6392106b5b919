import json

import pytest
import shapely

from benchmarks.__main__ import main
from benchmarks.designer import BLOCKS_PER_COMMUNITY, county


def test_a_county_has_as_many_blocks_as_asked_and_roads_through_each_community() -> None:
    communities = list(county(500))
    assert [len(blocks) for _ground, blocks, _roads in communities] == [160, 160, 160, 20]
    for ground, blocks, roads in communities:
        assert shapely.is_valid([ground, *(block.shape for block in blocks)]).all()
        inside = sum(ground.contains(block.shape.centroid) for block in blocks)
        assert inside > 0.8 * len(blocks)
        assert all(road.crosses(ground) for road in roads)


def test_the_command_designs_grids_without_a_fault(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["designer", "--size", str(BLOCKS_PER_COMMUNITY), "--seconds", "0.1"]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    row = json.loads(line)
    assert (row["size"], row["errors"], row["unit"]) == (BLOCKS_PER_COMMUNITY, 0, "blocks/s")
    assert row["command"] == f"python -m benchmarks designer --size {BLOCKS_PER_COMMUNITY} --seconds 0.1"
