// Quick looks at a shape while it is drawn; the server looks again and has the last word.
import type { Position } from "geojson";

export type Ring = readonly Position[];

/** Where two sides of a ring cross, or null; neighbours share a corner and do not count. */
export function crossing(ring: Ring): [number, number] | null {
  const sides = ring.length - 1;
  for (let one = 0; one < sides; one += 1) {
    for (let other = one + 2; other < sides; other += 1) {
      if (one === 0 && other === sides - 1) continue;
      const place = meeting(ring[one]!, ring[one + 1]!, ring[other]!, ring[other + 1]!);
      if (place) return place;
    }
  }
  return null;
}

/** Where two stretches meet, or null. */
export function meeting(a: Position, b: Position, c: Position, d: Position): [number, number] | null {
  const [rx, ry, sx, sy] = [b[0]! - a[0]!, b[1]! - a[1]!, d[0]! - c[0]!, d[1]! - c[1]!];
  const across = rx * sy - ry * sx;
  if (across === 0) return null;
  const t = ((c[0]! - a[0]!) * sy - (c[1]! - a[1]!) * sx) / across;
  const u = ((c[0]! - a[0]!) * ry - (c[1]! - a[1]!) * rx) / across;
  return t >= 0 && t <= 1 && u >= 0 && u <= 1 ? [a[0]! + t * rx, a[1]! + t * ry] : null;
}

/** Whether a point lies in a polygon with holes. */
export function inside(point: Position, polygon: readonly Ring[]): boolean {
  return polygon.reduce((within, ring) => (isIn(point, ring) ? !within : within), false);
}

function isIn(point: Position, ring: Ring): boolean {
  let within = false;
  for (let at = 0; at < ring.length - 1; at += 1) {
    const [a, b] = [ring[at]!, ring[at + 1]!];
    if (a[1]! > point[1]! === b[1]! > point[1]!) continue;
    if (point[0]! < ((b[0]! - a[0]!) * (point[1]! - a[1]!)) / (b[1]! - a[1]!) + a[0]!) within = !within;
  }
  return within;
}

/** The first corner that lies outside a polygon by more than about a metre, or null. */
export function outside(ring: Ring, polygons: readonly (readonly Ring[])[], near = 1e-5): [number, number] | null {
  const stray = ring.find(
    (corner) => !polygons.some((polygon) => inside(corner, polygon) || touches(corner, polygon, near)),
  );
  return stray ? [stray[0]!, stray[1]!] : null;
}

function touches(point: Position, polygon: readonly Ring[], near: number): boolean {
  const found = nearest(point, polygon);
  return found !== null && Math.hypot(found[0] - point[0]!, found[1] - point[1]!) < near;
}

/** Square metres of a ring, good to one percent for what fits on a screen. */
export function squareMetres(ring: Ring): number {
  const shrink = Math.cos(((ring[0]?.[1] ?? 0) * Math.PI) / 180);
  let twice = 0;
  for (let at = 0; at < ring.length - 1; at += 1) {
    twice += ring[at]![0]! * ring[at + 1]![1]! - ring[at + 1]![0]! * ring[at]![1]!;
  }
  return (Math.abs(twice) / 2) * 111_320 * 110_574 * shrink;
}

/** The nearest point on any of some lines, in degrees. */
export function nearest(point: Position, lines: readonly Ring[]): [number, number] | null {
  let best: [number, number] | null = null;
  let least = Infinity;
  for (const line of lines) {
    for (let at = 0; at < line.length - 1; at += 1) {
      const found = onSide(point, line[at]!, line[at + 1]!);
      const far = Math.hypot(found[0] - point[0]!, found[1] - point[1]!);
      if (far < least) [best, least] = [found, far];
    }
  }
  return best;
}

function onSide(point: Position, a: Position, b: Position): [number, number] {
  const [dx, dy] = [b[0]! - a[0]!, b[1]! - a[1]!];
  const long = dx * dx + dy * dy;
  const t = long ? ((point[0]! - a[0]!) * dx + (point[1]! - a[1]!) * dy) / long : 0;
  const share = Math.min(1, Math.max(0, t));
  return [a[0]! + share * dx, a[1]! + share * dy];
}

/** The nearest corner of some lines, in degrees. */
export function nearestCorner(point: Position, lines: readonly Ring[]): [number, number] | null {
  let best: [number, number] | null = null;
  let least = Infinity;
  for (const corner of lines.flat()) {
    const far = Math.hypot(corner[0]! - point[0]!, corner[1]! - point[1]!);
    if (far < least) [best, least] = [[corner[0]!, corner[1]!], far];
  }
  return best;
}
