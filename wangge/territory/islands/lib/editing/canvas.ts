// What the editor shows on the map under the pen: the areas of the draft, what is chosen, and where something is wrong.
import type { Feature, FeatureCollection, Geometry } from "geojson";
import type { ExpressionSpecification, GeoJSONSource, Map, MapMouseEvent } from "../maplibre";
import { Popup } from "../maplibre";
import { FONTS } from "../style";
import type { Standing } from "./draft";

const SOURCES = ["draft-areas", "draft-faults"] as const;

export class Canvas {
  private standing: Standing | null = null;
  private chosen: readonly string[] = [];
  private popup: Popup | null = null;

  constructor(
    private readonly map: Map,
    private readonly choose: (code: string, more: boolean) => void,
  ) {
    map.on("style.load", () => this.paint());
    map.on("click", (event) => this.click(event));
    if (map.isStyleLoaded()) this.paint();
  }

  show(standing: Standing, chosen: readonly string[]): void {
    [this.standing, this.chosen] = [standing, chosen];
    this.fill();
  }

  /** Move the map to a place that is wrong, and say what is. */
  lead(place: string | null, sentence: string): void {
    const at = place ? middle(JSON.parse(place) as Geometry) : null;
    if (!at) return;
    this.popup?.remove();
    this.popup = new Popup({ maxWidth: "260px" }).setLngLat(at).setText(sentence).addTo(this.map);
    this.map.easeTo({ center: at, zoom: Math.max(this.map.getZoom(), 15) });
  }

  /** Look at everything the draft is about. */
  fit(): void {
    const parent = this.standing?.parent;
    const areas = this.standing?.areas.flatMap(({ geometry }) => cornersOf(geometry)) ?? [];
    const corners = parent ? cornersOf(parent) : areas;
    if (!corners.length) return;
    const [xs, ys] = [corners.map(([x]) => x!), corners.map(([, y]) => y!)];
    this.map.fitBounds([[Math.min(...xs), Math.min(...ys)], [Math.max(...xs), Math.max(...ys)]], { padding: 30, animate: false });
  }

  private paint(): void {
    for (const name of SOURCES) if (!this.map.getSource(name)) this.map.addSource(name, { type: "geojson", data: collection([]) });
    if (this.map.getLayer("draft-fill")) return this.fill();
    const state: ExpressionSpecification = ["get", "state"];
    this.map.addLayer({
      id: "draft-fill", type: "fill", source: "draft-areas",
      paint: {
        "fill-color": ["match", state, "chosen", "#0d6b74", "new", "#4c7a45", "changed", "#b07d1d", "#7b6fa3"],
        "fill-opacity": ["match", state, "chosen", 0.3, "same", 0.06, 0.18],
      },
    });
    this.map.addLayer({
      id: "draft-line", type: "line", source: "draft-areas",
      paint: { "line-color": ["match", state, "chosen", "#0d6b74", "new", "#4c7a45", "changed", "#b07d1d", "#7b6fa3"], "line-width": 2 },
    });
    this.map.addLayer({
      id: "draft-name", type: "symbol", source: "draft-areas",
      layout: { "text-field": ["get", "label"], "text-font": FONTS, "text-size": 13 },
      paint: { "text-color": "#2f3a3d", "text-halo-color": "#ffffff", "text-halo-width": 1.6 },
    });
    this.map.addLayer({
      id: "draft-fault", type: "fill", source: "draft-faults", filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": "#c62f3f", "fill-opacity": 0.55 },
    });
    this.map.addLayer({
      id: "draft-fault-point", type: "circle", source: "draft-faults", filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-color": "#c62f3f", "circle-radius": 8, "circle-stroke-color": "#ffffff", "circle-stroke-width": 2 },
    });
    this.fill();
  }

  private fill(): void {
    if (!this.standing || !this.map.getSource("draft-areas")) return;
    const areas = this.standing.areas.map(({ code, name, label, state, geometry }) =>
      feature(geometry, { code, name, label, state: this.chosen.includes(code) ? "chosen" : state }),
    );
    const faults = this.standing.faults.flatMap(({ place, sentence }) =>
      place ? [feature(JSON.parse(place) as Geometry, { sentence })] : [],
    );
    void (this.map.getSource("draft-areas") as GeoJSONSource).setData(collection(areas));
    void (this.map.getSource("draft-faults") as GeoJSONSource).setData(collection(faults));
  }

  private click(event: MapMouseEvent): void {
    if (!this.map.getLayer("draft-fill")) return;
    const code = this.map.queryRenderedFeatures(event.point, { layers: ["draft-fill"] })[0]?.properties.code as string | undefined;
    if (code) this.choose(code, event.originalEvent.shiftKey || event.originalEvent.ctrlKey);
  }
}

function feature(geometry: Geometry, properties: Record<string, string>): Feature {
  return { type: "Feature", geometry, properties };
}

function collection(features: Feature[]): FeatureCollection {
  return { type: "FeatureCollection", features };
}

function cornersOf(shape: Geometry): number[][] {
  if (shape.type === "Polygon") return shape.coordinates.flat();
  if (shape.type === "MultiPolygon") return shape.coordinates.flat(2);
  return shape.type === "Point" ? [shape.coordinates] : [];
}

function middle(shape: Geometry): [number, number] | null {
  const corners = cornersOf(shape);
  if (!corners.length) return null;
  const mean = (at: number): number => corners.reduce((sum, corner) => sum + corner[at]!, 0) / corners.length;
  return [mean(0), mean(1)];
}
