"""The designer of grids: blocks with households, barriers and a band go in, proposals of grids come out."""
