// Matters as quiet dots: open ones filled, ended ones hollow; many at one place become one circle with their number.
import { type GeoJSONSource, type Map, type MapLayerMouseEvent, Popup } from "./maplibre";
import type { Palette } from "./palette";
import { FONTS } from "./style";
import { viewOf } from "./ground";
import { type Box, contains, windowOf, withParameters, written } from "./window";

interface Said {
  number: number;
  title: string;
  stage: string;
  when: string;
  url: string;
}

export class Dots {
  private box: Box | null = null;
  private popup: Popup | null = null;

  constructor(
    private readonly map: Map,
    private readonly address: string,
    private readonly colour: () => Palette,
  ) {
    map.on("style.load", () => this.draw());
    if (map.isStyleLoaded()) this.draw();
    map.on("moveend", () => this.fill());
    document.addEventListener("wangge:points", () => this.refresh());
    map.on("click", "dot", (event) => this.open(event));
    map.on("click", "dots", (event) => void this.approach(event));
    for (const layer of ["dot", "dots"]) {
      map.on("mouseenter", layer, () => (map.getCanvas().style.cursor = "pointer"));
      map.on("mouseleave", layer, () => (map.getCanvas().style.cursor = ""));
    }
  }

  private draw(): void {
    const colour = this.colour();
    const data = { type: "FeatureCollection" as const, features: [] };
    this.map.addSource("matters", { type: "geojson", data, cluster: true, clusterRadius: 44, clusterMaxZoom: 16 });
    this.map.addLayer({
      id: "dots", type: "circle", source: "matters", filter: ["has", "point_count"],
      paint: {
        "circle-color": colour.open, "circle-opacity": 0.85,
        "circle-radius": ["step", ["get", "point_count"], 13, 10, 17, 100, 22, 1000, 28],
        "circle-stroke-color": colour.dotLine, "circle-stroke-width": 2,
      },
    });
    this.map.addLayer({
      id: "dots-count", type: "symbol", source: "matters", filter: ["has", "point_count"],
      layout: { "text-field": ["get", "point_count_abbreviated"], "text-font": FONTS, "text-size": 13, "text-allow-overlap": true },
      paint: { "text-color": colour.dotLine },
    });
    this.map.addLayer({
      id: "dot", type: "circle", source: "matters", filter: ["!", ["has", "point_count"]],
      paint: {
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 11, 4, 16, 7],
        "circle-color": ["case", ["get", "open"], colour.open, colour.dotLine],
        "circle-stroke-color": ["case", ["get", "open"], colour.dotLine, colour.closed],
        "circle-stroke-width": 2,
      },
    });
    this.box = null;
    this.fill();
  }

  private fill(): void {
    const view = viewOf(this.map);
    if (this.box && contains(this.box, view)) return;
    this.box = windowOf(view, this.map.getZoom());
    const address = withParameters(this.address, { bbox: written(this.box) });
    void (this.map.getSource("matters") as GeoJSONSource).setData(new URL(address, location.href).href);
  }

  /** Ask again for what is shown: another island knows that something moved. */
  private refresh(): void {
    if (!this.map.getSource("matters")) return;
    this.box = null;
    this.fill();
  }

  private open(event: MapLayerMouseEvent): void {
    const said = event.features?.[0]?.properties as Said | undefined;
    if (!said) return;
    this.popup?.remove();
    this.popup = new Popup({ maxWidth: "260px" }).setLngLat(event.lngLat).setDOMContent(card(said)).addTo(this.map);
  }

  private async approach(event: MapLayerMouseEvent): Promise<void> {
    const cluster = event.features?.[0];
    if (!cluster) return;
    const source = this.map.getSource("matters") as GeoJSONSource;
    const zoom = await source.getClusterExpansionZoom(cluster.properties.cluster_id as number);
    this.map.easeTo({ center: event.lngLat, zoom });
  }
}

/** Words only, never markup: titles come from the database, but a page trusts nothing twice. */
export function card(said: Said): HTMLElement {
  const made = document.createElement("div");
  const link = document.createElement("a");
  const note = document.createElement("div");
  made.className = "map-card";
  link.href = said.url.startsWith("/") ? said.url : "#";
  link.textContent = said.title;
  note.className = "map-card-note";
  note.textContent = [said.stage, said.when].filter(Boolean).join(" · ");
  made.append(link, note);
  return made;
}
