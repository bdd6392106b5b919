// The grid designer's map: <div data-designer data-url> around a map and the form that moves blocks. What is clicked is
// chosen in the form; the form does the work, and the map is drawn anew when it was done.
import "./designer.css";
import type { Feature, FeatureCollection } from "geojson";
import { boxOf, type Choice, choiceOf, choose, chosenIn, take } from "./lib/designing/choosing";
import type { GeoJSONSource, Map, MapMouseEvent } from "./lib/maplibre";
import { isDark } from "./lib/palette";
import { layersOf } from "./lib/designing/layers";
import { mapOf } from "./map";

interface Shapes {
  grids: FeatureCollection;
  blocks: FeatureCollection;
  labels: FeatureCollection;
}

const NOTHING: FeatureCollection = { type: "FeatureCollection", features: [] };
const SOURCES = ["design-grids", "design-blocks", "design-labels"] as const;

class Designer {
  private shapes: Shapes = { grids: NOTHING, blocks: NOTHING, labels: NOTHING };

  constructor(private readonly frame: HTMLElement, private readonly map: Map) {
    map.on("style.load", () => this.paint());
    map.on("click", (event) => this.click(event));
    if (map.isStyleLoaded()) this.paint();
    frame.addEventListener("change", () => this.fill());
    document.body.addEventListener("wangge:moved", () => void this.load());
    void this.load().then(() => this.fit());
  }

  private async load(): Promise<void> {
    const response = await fetch(this.frame.dataset.url ?? "");
    if (!response.ok) return;
    this.shapes = (await response.json()) as Shapes;
    this.fill();
  }

  private fit(): void {
    const box = boxOf(this.shapes.grids);
    if (box) this.map.fitBounds(box, { padding: 24, animate: false });
  }

  private paint(): void {
    for (const name of SOURCES) if (!this.map.getSource(name)) this.map.addSource(name, { type: "geojson", data: NOTHING });
    for (const layer of layersOf(isDark(this.frame))) if (!this.map.getLayer(layer.id)) this.map.addLayer(layer);
    this.fill();
  }

  private fill(): void {
    if (!this.map.getSource("design-blocks")) return;
    const chosen = chosenIn(this.frame);
    const blocks = this.shapes.blocks.features.map((block): Feature => {
      return { ...block, properties: { ...block.properties, chosen: chosen.has(Number(block.properties?.at)) } };
    });
    void (this.map.getSource("design-grids") as GeoJSONSource).setData(this.shapes.grids);
    void (this.map.getSource("design-labels") as GeoJSONSource).setData(this.shapes.labels);
    void (this.map.getSource("design-blocks") as GeoJSONSource).setData({ type: "FeatureCollection", features: blocks });
  }

  private click(event: MapMouseEvent): void {
    const found = this.map.queryRenderedFeatures(event.point, { layers: ["design-block", "design-point", "design-grid"] });
    const choice: Choice | null = choiceOf(found.map(({ layer, properties }) => ({ layer: layer.id, properties })));
    if (choice?.kind === "block") choose(this.frame, choice.at);
    if (choice?.kind === "grid") take(this.frame, choice.number);
    this.fill();
  }
}

for (const frame of document.querySelectorAll<HTMLElement>("[data-designer]")) {
  const ground = frame.querySelector<HTMLElement>("[data-map]");
  const map = ground ? mapOf(ground) : undefined;
  if (map) new Designer(frame, map);
}
