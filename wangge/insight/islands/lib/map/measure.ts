// Measuring on the map: corners by clicks, or by Enter on the middle; lengths on a sphere, surfaces on the same.
import type { GeoJSONSource, Map } from "../../../../territory/islands/lib/maplibre";
import type { Palette } from "../../../../territory/islands/lib/palette";

export type Corner = readonly [number, number]; // longitude, latitude in WGS84 degrees
export type What = "distance" | "area";

const EARTH = 6_371_008.8; // metres, mean radius
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Metres along the corners. */
export function length(corners: readonly Corner[]): number {
  return corners.slice(1).reduce((sum, corner, index) => sum + between(corners[index] as Corner, corner), 0);
}

function between([west, south]: Corner, [east, north]: Corner): number {
  const up = Math.sin(radians(north - south) / 2) ** 2;
  const across = Math.sin(radians(east - west) / 2) ** 2;
  return 2 * EARTH * Math.asin(Math.sqrt(up + Math.cos(radians(south)) * Math.cos(radians(north)) * across));
}

/** Square metres inside the corners, whichever way round they go. */
export function surface(corners: readonly Corner[]): number {
  if (corners.length < 3) return 0;
  const sum = corners.reduce((total, [lon, lat], index) => {
    const [next, other] = corners[(index + 1) % corners.length] as Corner;
    return total + radians(next - lon) * (2 + Math.sin(radians(lat)) + Math.sin(radians(other)));
  }, 0);
  return Math.abs((sum * EARTH * EARTH) / 2);
}

/** A measure in words: whole metres first, then kilometres with two decimals. */
export function inWords(value: number, words: Record<string, string>, what: What): string {
  const [small, large, step] =
    what === "distance"
      ? [words.metres ?? "{n}", words.kilometres ?? "{n}", 1000]
      : [words.squareMetres ?? "{n}", words.squareKilometres ?? "{n}", 1_000_000];
  return value < step
    ? small.replace("{n}", Math.round(value).toLocaleString())
    : large.replace("{n}", (value / step).toLocaleString(undefined, { maximumFractionDigits: 2 }));
}

export class Measuring {
  private what: What | null = null;
  private corners: Corner[] = [];

  constructor(
    private readonly map: Map,
    private readonly colour: () => Palette,
    private readonly say: (text: string) => void,
    private readonly words: Record<string, string>,
  ) {}

  get active(): boolean {
    return this.what !== null;
  }

  begin(what: What): void {
    this.what = what;
    this.corners = [];
    this.draw();
    this.say(this.words.measuring ?? "");
  }

  end(): void {
    this.what = null;
    this.corners = [];
    this.draw();
    this.say("");
  }

  add(place: { lng: number; lat: number }): void {
    if (this.what === null) return;
    this.corners.push([place.lng, place.lat]);
    this.draw();
    const value = this.what === "distance" ? length(this.corners) : surface(this.corners);
    this.say(inWords(value, this.words, this.what));
  }

  /** Layers are lost with a change of colours: they are made when something is drawn. */
  draw(): void {
    if (this.map.getSource("measured") === undefined) {
      if (this.corners.length === 0) return;
      this.addLayers();
    }
    (this.map.getSource("measured") as GeoJSONSource).setData({
      type: "FeatureCollection",
      features: [
        { type: "Feature", properties: {}, geometry: this.shape() },
        ...this.corners.map((corner) => ({
          type: "Feature" as const,
          properties: {},
          geometry: { type: "Point" as const, coordinates: [...corner] },
        })),
      ],
    });
  }

  private shape(): GeoJSON.Geometry {
    const line = this.corners.map((corner) => [...corner]);
    if (this.what === "area" && line.length > 2) return { type: "Polygon", coordinates: [[...line, line[0] as number[]]] };
    return { type: "LineString", coordinates: line };
  }

  private addLayers(): void {
    const colour = this.colour().chosen;
    this.map.addSource("measured", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    this.map.addLayer({
      id: "measured-fill", type: "fill", source: "measured", filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": colour, "fill-opacity": 0.2 },
    });
    this.map.addLayer({
      id: "measured-line", type: "line", source: "measured", filter: ["!=", ["geometry-type"], "Point"],
      paint: { "line-color": colour, "line-width": 3 },
    });
    this.map.addLayer({
      id: "measured-corner", type: "circle", source: "measured", filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-color": colour, "circle-radius": 5 },
    });
  }
}
