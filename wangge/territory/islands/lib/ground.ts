// Fills the sources of the ground style for what the reader looks at, and only for that.
import type { FeatureCollection } from "geojson";
import type { GeoJSONSource, Map } from "./maplibre";
import { type Box, contains, leastRank, windowOf, withParameters, written } from "./window";

export interface GroundAddresses {
  base: string;
  areas: string;
  buildings: string;
}

interface Held {
  box: Box;
  rank: number;
}

/** From which zoom on a kind is asked for. */
const FROM: Record<string, number> = { road: 0, water: 0, green: 10, block: 12, place: 13, building: 14.5, area: 0 };
const WIDEST_FOR_BUILDINGS = 0.1; // degrees; the server gives no more at once

interface AreaFeature {
  properties: { name: string; centre: [number | null, number | null] };
}

export class Ground {
  private readonly held = new globalThis.Map<string, Held>();

  constructor(
    private readonly map: Map,
    private readonly addresses: GroundAddresses,
    private readonly areaLevel: string,
  ) {
    map.on("moveend", () => this.fill());
    map.on("style.load", () => this.refill());
    if (map.isStyleLoaded()) this.refill();
  }

  /** After a change of colours the style's sources are empty again. */
  private refill(): void {
    this.held.clear();
    this.fill();
  }

  private fill(): void {
    for (const kind of ["road", "water", "green", "block", "place"]) {
      this.need(kind, (box, rank) => this.ask(kind, withParameters(this.addresses.base, { kind, bbox: box, rank })));
    }
    this.need("building", (box) => this.ask("building", withParameters(this.addresses.buildings, { bbox: box })));
    if (this.areaLevel) this.need("area", (box) => void this.fillAreas(box));
  }

  private need(kind: string, ask: (box: string, rank: number) => void): void {
    const zoom = this.map.getZoom();
    if (zoom < (FROM[kind] ?? 0)) return;
    const view = viewOf(this.map);
    const rank = kind === "road" ? leastRank(zoom) : 9;
    const held = this.held.get(kind);
    if (held && held.rank >= rank && contains(held.box, view)) return;
    const box = windowOf(view, zoom);
    if (kind === "building" && Math.max(box.east - box.west, box.north - box.south) > WIDEST_FOR_BUILDINGS) return;
    this.held.set(kind, { box, rank });
    ask(written(box), rank);
  }

  /** The worker fetches and cuts it, so that the page stays quick. */
  private ask(source: string, address: string): void {
    void this.source(source)?.setData(new URL(address, location.href).href);
  }

  private async fillAreas(box: string): Promise<void> {
    try {
      const response = await fetch(withParameters(this.addresses.areas, { level: this.areaLevel, bbox: box }));
      const areas = (await response.json()) as FeatureCollection;
      void this.source("area")?.setData(areas);
      void this.source("area-name")?.setData(labelPoints(areas));
    } catch {
      this.held.delete("area"); // no connection: the next move asks again
    }
  }

  private source(name: string): GeoJSONSource | undefined {
    return this.map.getSource(name) as GeoJSONSource | undefined;
  }
}

/** One point for each area that has a centre: a polygon cut by tiles would be named several times. */
export function labelPoints(areas: FeatureCollection): FeatureCollection {
  const features = (areas.features as unknown as AreaFeature[]).flatMap(({ properties }) => {
    const [lon, lat] = properties.centre;
    if (lon === null || lat === null) return [];
    const geometry = { type: "Point" as const, coordinates: [lon, lat] };
    return [{ type: "Feature" as const, properties: { name: properties.name }, geometry }];
  });
  return { type: "FeatureCollection", features };
}

export function viewOf(map: Map): Box {
  const bounds = map.getBounds();
  return { west: bounds.getWest(), south: bounds.getSouth(), east: bounds.getEast(), north: bounds.getNorth() };
}
