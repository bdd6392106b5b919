// What a page says about its map, read from the data- attributes of <div data-map …>.

export type Mode = "pick" | "show" | "points";

export interface Words {
  [name: string]: string;
}

export interface Options {
  mode: Mode;
  base: string;
  areas: string;
  buildings: string;
  areaLevel: string;
  pointsUrl: string;
  box: [number, number, number, number];
  point: [number, number] | null;
  zoom: number;
  cooperative: boolean;
  targets: { lon: string; lat: string; crs: string };
  attribution: string;
  words: Words;
}

const MODES: readonly string[] = ["pick", "show", "points"];
const CHINA: Options["box"] = [97, 24, 122, 42];

export function readOptions(data: DOMStringMap): Options {
  return {
    mode: (MODES.includes(data.mode ?? "") ? data.mode : "show") as Mode,
    base: data.baseUrl ?? "",
    areas: data.areasUrl ?? "",
    buildings: data.buildingsUrl ?? "",
    areaLevel: data.areaLevel ?? "",
    pointsUrl: data.pointsUrl ?? "",
    box: boxFrom(data.bbox ?? "") ?? CHINA,
    point: pointFrom(data.lon ?? "", data.lat ?? ""),
    zoom: Number(data.zoom) || 17,
    cooperative: data.cooperative === "yes",
    targets: { lon: data.targetLon ?? "", lat: data.targetLat ?? "", crs: data.targetCrs ?? "" },
    attribution: data.attribution ?? "",
    words: wordsFrom(data.words ?? ""),
  };
}

/** A whole point on earth, or none: half a coordinate is none. */
export function pointFrom(lon: string, lat: string): [number, number] | null {
  if (lon.trim() === "" || lat.trim() === "") return null;
  const [x, y] = [Number(lon), Number(lat)];
  return Number.isFinite(x) && Number.isFinite(y) && Math.abs(x) <= 180 && Math.abs(y) <= 90 ? [x, y] : null;
}

export function boxFrom(text: string): Options["box"] | null {
  const sides = text.split(",").map(Number);
  return sides.length === 4 && sides.every(Number.isFinite) ? (sides as Options["box"]) : null;
}

function wordsFrom(text: string): Words {
  try {
    return text ? (JSON.parse(text) as Words) : {};
  } catch {
    return {};
  }
}
