// The address of the map: filters and layers are its query, so that it can be shared and gone back to; the view is its
// hash, which changes with every move and is no step of the way back.

export interface View {
  zoom: number;
  lat: number;
  lon: number;
  bearing: number;
  pitch: number;
}

export const FILTERS = ["state", "group", "unit", "since", "until", "area", "near", "place"] as const;
export const LAYERS = ["cases", "buildings", "solid", "facilities", "unitGrids", "ground", "outside"] as const;
export type Layer = (typeof LAYERS)[number];

const SHOWN: readonly Layer[] = ["cases", "buildings", "ground", "outside"];
const USUAL_STATE = "open";
const TYPED = "typed";
const LEVELS = ["auto", "county", "street", "community", "grid", "micro", "none"];

export type Filters = Record<string, string>;

/** The filters of a query; what is empty or usual is left out. */
export function readFilters(query: string): Filters {
  const said = new URLSearchParams(query);
  const filters: Filters = {};
  for (const name of FILTERS) {
    const value = said.get(name) ?? "";
    if (value !== "" && !(name === "state" && value === USUAL_STATE)) filters[name] = value;
  }
  return filters;
}

export function writeFilters(filters: Filters): string {
  return new URLSearchParams(filters).toString();
}

/** The layers of a query: `show=` names them, without it the usual ones are shown. */
export function readLayers(query: string): Set<Layer> {
  const said = new URLSearchParams(query).get("show");
  if (said === null) return new Set(SHOWN);
  const named = said.split(" ");
  return new Set(LAYERS.filter((layer) => named.includes(layer)));
}

export function readBoundaries(query: string): string {
  const said = new URLSearchParams(query).get("boundaries") ?? "auto";
  return LEVELS.includes(said) ? said : "auto";
}

/** The whole query of a map. */
export function writeQuery(filters: Filters, layers: ReadonlySet<Layer>, boundaries: string): string {
  const said = new URLSearchParams(filters);
  const usual = layers.size === SHOWN.length && SHOWN.every((layer) => layers.has(layer));
  if (!usual) said.set("show", LAYERS.filter((layer) => layers.has(layer)).join(" "));
  if (boundaries !== "auto") said.set("boundaries", boundaries);
  const query = said.toString();
  return query === "" ? "" : `?${query}`;
}

export function readView(hash: string): View | null {
  const parts = hash.replace(/^#map=/, "").split("/").map(Number);
  const [zoom, lat, lon, bearing = 0, pitch = 0] = parts;
  if (zoom === undefined || lat === undefined || lon === undefined || !parts.every(Number.isFinite)) return null;
  const possible = zoom >= 0 && zoom <= 22 && Math.abs(lat) <= 85 && Math.abs(lon) <= 180 && pitch >= 0 && pitch <= 60;
  return hash.startsWith("#map=") && possible ? { zoom, lat, lon, bearing, pitch } : null;
}

export function writeView(view: View): string {
  const numbers = [view.zoom.toFixed(2), view.lat.toFixed(5), view.lon.toFixed(5)];
  if (view.bearing !== 0 || view.pitch !== 0) numbers.push(view.bearing.toFixed(0), view.pitch.toFixed(0));
  return `#map=${numbers.join("/")}`;
}

/** The first and last day of a period of so many days that ends so many days after `first`. */
export function periodOf(today: string, back: number, days: number): { since: string; until: string } {
  const until = addDays(today, -back);
  return { since: addDays(until, 1 - days), until };
}

/** Which of the lengths that are offered a period has; "" without any limit, "typed" for one that is not among them. */
export function lengthOf(since: string, until: string, offered: readonly string[]): string {
  if (since === "" && until === "") return "";
  const days = since && until ? String(daysBetween(since, until) + 1) : "";
  return days !== "" && offered.includes(days) ? days : TYPED;
}

/** So many days from one day to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
