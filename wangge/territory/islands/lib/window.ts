// What part of the ground to ask for: whole tiles around the view, so that neighbours on the map share answers.

export interface Box {
  west: number;
  south: number;
  east: number;
  north: number;
}

/** The least important rank of roads drawn at a zoom: 0 arterial, 1 secondary, 2 branch, 9 everything. */
export function leastRank(zoom: number): number {
  if (zoom < 11) return 0;
  if (zoom < 13) return 1;
  return zoom < 14 ? 2 : 9;
}

/** The view widened to whole tiles of its zoom, in degrees with five decimals; never beyond the earth. */
export function windowOf(view: Box, zoom: number): Box {
  const step = 360 / 2 ** Math.max(0, Math.floor(zoom));
  const down = (value: number, limit: number): number => round(Math.max(-limit, Math.floor(value / step) * step));
  const up = (value: number, limit: number): number => round(Math.min(limit, Math.ceil(value / step) * step));
  return {
    west: down(view.west, 180), south: down(view.south, 90), east: up(view.east, 180), north: up(view.north, 90),
  };
}

export function contains(outer: Box, inner: Box): boolean {
  return (
    outer.west <= inner.west && outer.south <= inner.south && outer.east >= inner.east && outer.north >= inner.north
  );
}

/** `west,south,east,north`, as the server reads it. */
export function written(box: Box): string {
  return [box.west, box.south, box.east, box.north].join(",");
}

/** An address with more parameters, whether or not it has some already. */
export function withParameters(address: string, parameters: Record<string, string | number>): string {
  const query = new URLSearchParams(Object.entries(parameters).map(([name, value]) => [name, String(value)]));
  return `${address}${address.includes("?") ? "&" : "?"}${query.toString()}`;
}

function round(degrees: number): number {
  return Math.round(degrees * 1e5) / 1e5;
}
