// Which tiles a map begins with. Told without MapLibre, so that they are asked for while it is still being read.
import type { View } from "./address";

export interface Tiles {
  ground: string;
  areas: string;
  unitGrids: string;
  buildings: string;
  facilities: string;
  cases: string;
}

export interface Place {
  z: number;
  x: number;
  y: number;
}

type Box = [west: number, south: number, east: number, north: number];
type Zooms = readonly [least: number, most: number];

export const GROUND_ZOOMS: Zooms = [4, 15];
export const AREA_ZOOMS: Zooms = [4, 16];
export const MOST_ZOOM = 20;
const SIDE = 512; // pixels of a tile at its own zoom
const MARGIN = 24; // pixels around what is fitted
const MOST_AHEAD = 24; // tiles of a kind: more are in view only on screens with a server's time to spare

/** The areas drawn at a zoom unless the reader chose others. */
export function levelAt(zoom: number): string {
  if (zoom < 10.5) return "county";
  if (zoom < 12.5) return "street";
  return zoom < 14 ? "community" : "grid";
}

export function areaTiles(tiles: Tiles, level: string): string {
  return whole(tiles.areas.replace("{level}", level));
}

/** MapLibre's worker wants whole addresses; the braces must stay as they are. */
export function whole(address: string): string {
  return address.startsWith("/") ? `${location.origin}${address}` : address;
}

export function addressOf(tiles: string, { z, x, y }: Place): string {
  return tiles.replace("{z}", String(z)).replace("{x}", String(x)).replace("{y}", String(y));
}

/** The view in which a box just fits into a frame of so many pixels. */
export function fitting([west, south, east, north]: Box, width: number, height: number): View {
  const [left, right, top, bottom] = [across(west), across(east), down(north), down(south)];
  const wide = Math.max(width - 2 * MARGIN, 1) / Math.max(right - left, Number.EPSILON);
  const high = Math.max(height - 2 * MARGIN, 1) / Math.max(bottom - top, Number.EPSILON);
  const zoom = Math.log2(Math.min(wide, high) / SIDE);
  return {
    zoom: Math.min(Math.max(zoom, 0), MOST_ZOOM), lat: latitude((top + bottom) / 2), lon: (west + east) / 2, bearing: 0, pitch: 0,
  };
}

/** The tiles of a view from above in a frame of so many pixels, the middle first; none where it is turned or tilted. */
export function covering(view: View, width: number, height: number, [least, most]: Zooms): Place[] {
  const z = Math.min(Math.floor(view.zoom), most);
  if (z < least || view.bearing !== 0 || view.pitch !== 0) return [];
  const [columns, rows] = [across(view.lon), down(view.lat)].map((middle) => middle * 2 ** z) as [number, number];
  const reach = SIDE * 2 ** (view.zoom - z) * 2; // of a half frame, in tiles
  const found: Place[] = [];
  for (const x of between(columns - width / reach, columns + width / reach, z)) {
    for (const y of between(rows - height / reach, rows + height / reach, z)) found.push({ z, x, y });
  }
  const far = ({ x, y }: Place): number => Math.hypot(x + 0.5 - columns, y + 0.5 - rows);
  return found.sort((one, other) => far(one) - far(other)).slice(0, MOST_AHEAD);
}

function between(first: number, last: number, z: number): number[] {
  const [from, to] = [Math.max(Math.floor(first), 0), Math.min(Math.floor(last), 2 ** z - 1)];
  return Array.from({ length: Math.max(to - from + 1, 0) }, (_, step) => from + step);
}

/** Parts of the world's width from the west, and of its height from the north, in Web Mercator. */
function across(lon: number): number {
  return lon / 360 + 0.5;
}

function down(lat: number): number {
  return 0.5 - Math.atanh(Math.sin((lat * Math.PI) / 180)) / (2 * Math.PI);
}

function latitude(part: number): number {
  return (Math.atan(Math.sinh(Math.PI * (1 - 2 * part))) * 180) / Math.PI;
}
