// The one map: <div data-one-map …> with its filters, layers, list and tools around it, or alone on a wall. Filters live
// in the form and the address, never only here: without scripts the form sends itself and the list is the same.
import "../../territory/islands/map.css";
import "./figures.css";
import "./onemap.css";
import { followTheme } from "../../territory/islands/lib/follow";
import {
  AttributionControl,
  Map,
  type MapMouseEvent,
  NavigationControl,
  ScaleControl,
  type VectorTileSource,
} from "../../territory/islands/lib/maplibre";
import { DARK, isDark, LIGHT, type Palette } from "../../territory/islands/lib/palette";
import { FONTS } from "../../territory/islands/lib/style";
import {
  type Layer,
  readBoundaries,
  readFilters,
  readLayers,
  readView,
  type View,
  writeFilters,
  writeView,
} from "./lib/map/address";
import { beginning } from "./lib/map/beginning";
import { Cards } from "./lib/map/cards";
import { Measuring } from "./lib/map/measure";
import { Panel } from "./lib/map/panel";
import { prepareForPaper } from "./lib/map/paper";
import { type Outside, switchOf, tiledStyle } from "./lib/map/style";
import { areaTiles, levelAt, MOST_ZOOM, type Tiles, whole } from "./lib/map/tiles";

const WALL_TILT = { pitch: 58, bearing: -20 };
const CLOSER_ON_WALL = 1.05; // zooms: a tilted map of everything has much empty sky
const RENEW_EVERY = 15_000; // a day's events are seen within seconds; what has not changed is a 304

class OneMap {
  private readonly map: Map;
  private readonly tiles: Tiles;
  private readonly outside: Outside | null;
  private readonly words: Record<string, string>;
  private readonly measuring: Measuring;
  private readonly cards: Cards | null;
  private readonly panel: Panel | null;
  private layers: Set<Layer>;
  private boundaries: string;
  private filters: Record<string, string>;
  private level = "";

  constructor(private readonly root: HTMLElement) {
    const data = root.dataset;
    this.tiles = JSON.parse(data.tiles ?? "{}") as Tiles;
    this.outside = data.outside ? (JSON.parse(data.outside) as Outside) : null;
    this.words = JSON.parse(data.words ?? "{}") as Record<string, string>;
    const wall = "wallMap" in data;
    this.filters = readFilters(location.search);
    this.layers = readLayers(location.search);
    this.boundaries = readBoundaries(location.search);
    if (wall) this.layers.add("solid");
    this.map = this.create(wall);
    this.measuring = new Measuring(this.map, () => this.colour(), (text) => this.sayMeasure(text), this.words);
    this.cards = wall ? null : new Cards(root, this.map);
    this.panel = wall ? null : new Panel(root, (query) => this.take(query), (place) => this.go(place));
    this.watch();
  }

  private create(wall: boolean): Map {
    const frame = this.root.querySelector<HTMLElement>("[data-om-map]") as HTMLElement;
    const ground = document.createElement("div");
    ground.className = "map-ground";
    frame.append(ground);
    const { view } = beginning(this.root);
    const map = new Map({
      container: ground,
      style: this.style(view.zoom),
      center: [view.lon, view.lat], zoom: view.zoom, bearing: view.bearing, pitch: view.pitch,
      maxZoom: MOST_ZOOM,
      maxPitch: 60,
      attributionControl: false,
      localIdeographFontFamily: FONTS.map((name) => `"${name}"`).join(", "),
      locale: this.words,
      fadeDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
    });
    if (wall && readView(location.hash) === null) {
      const left = this.root.querySelector(".ow-figures")?.clientWidth ?? 0; // the numbers stand there
      map.jumpTo({ ...WALL_TILT, zoom: map.getZoom() + CLOSER_ON_WALL, padding: { left: left / 2, top: 0, right: 0, bottom: 0 } });
    }
    map.addControl(new NavigationControl({ visualizePitch: true }), "top-right");
    map.addControl(new ScaleControl({ maxWidth: 120 }), "bottom-left");
    map.addControl(new AttributionControl({ compact: false, customAttribution: this.attribution() }), "bottom-right");
    frame.classList.add("map-drawn");
    return map;
  }

  private attribution(): string {
    const approval = this.outside?.approval ?? "";
    const number = approval ? (this.words.approval ?? "{number}").replace("{number}", approval) : "";
    const made = document.createElement("span");
    made.textContent = [this.root.dataset.attribution ?? "", this.outside?.credit ?? "", number].filter(Boolean).join(" · ");
    return made.innerHTML; // escaped by the element
  }

  private colour(): Palette {
    return isDark(this.root) ? DARK : LIGHT;
  }

  private style(zoom: number): ReturnType<typeof tiledStyle> {
    this.level = this.boundaries === "auto" ? levelAt(zoom) : this.boundaries;
    const tiles = { ...this.tiles, cases: this.caseTiles() };
    const outside = this.outside ? { ...this.outside, credit: "", approval: "" } : null; // said once, by the control
    const style = tiledStyle(this.colour(), tiles, this.level === "none" ? "grid" : this.level, outside);
    for (const layer of style.layers) layer.layout = { ...layer.layout, visibility: this.visibility(layer.id) } as never;
    return style;
  }

  private visibility(layer: string): "visible" | "none" {
    if (layer.startsWith("area")) return this.boundaries === "none" ? "none" : "visible";
    const named = switchOf(layer);
    return named === "" || this.layers.has(named) ? "visible" : "none";
  }

  private caseTiles(): string {
    const query = writeFilters(this.filters);
    return query ? `${this.tiles.cases}?${query}` : this.tiles.cases;
  }

  private watch(): void {
    const { map } = this;
    map.on("moveend", () => {
      this.followLevel();
      if (this.panel) this.panel.replaceHash(writeView(this.view()));
    });
    map.on("click", (event) => this.click(event));
    map.once("load", () => (this.root.dataset.drawn = String(Math.round(performance.now()))));
    for (const layer of ["case", "cases", "facility", "solid-floor", "solid"]) {
      map.on("mouseenter", layer, () => (map.getCanvas().style.cursor = "pointer"));
      map.on("mouseleave", layer, () => (map.getCanvas().style.cursor = ""));
    }
    map.on("style.load", () => {
      this.measuring.draw();
      this.cards?.redraw();
    });
    followTheme(this.root, () => map.setStyle(this.style(map.getZoom()), { diff: false }));
    setInterval(() => this.renew(), RENEW_EVERY);
    this.watchKeys();
    this.watchTools();
    prepareForPaper(this.root, map, this.words);
  }

  private view(): View {
    const { lng, lat } = this.map.getCenter();
    return {
      zoom: this.map.getZoom(), lat, lon: lng, bearing: Math.round(this.map.getBearing()), pitch: Math.round(this.map.getPitch()),
    };
  }

  /** Ask again for the cases in view; what has not changed is answered in a few bytes. */
  private renew(): void {
    if (document.visibilityState === "visible") this.source("case")?.setTiles([whole(this.caseTiles())]);
  }

  private source(name: string): VectorTileSource | undefined {
    return this.map.getSource(name) as VectorTileSource | undefined;
  }

  private followLevel(): void {
    const level = this.boundaries === "auto" ? levelAt(this.map.getZoom()) : this.boundaries;
    if (level === this.level || level === "none") return;
    this.level = level;
    this.source("area")?.setTiles([areaTiles(this.tiles, level)]);
  }

  /** The address has changed, by the form, a link or the way back: show what it says. */
  private take(query: string): void {
    const before = writeFilters(this.filters);
    this.filters = readFilters(query);
    this.layers = readLayers(query);
    this.boundaries = readBoundaries(query);
    if (writeFilters(this.filters) !== before) this.source("case")?.setTiles([whole(this.caseTiles())]);
    for (const layer of this.map.getStyle().layers) {
      if (!layer.id.startsWith("measured")) this.map.setLayoutProperty(layer.id, "visibility", this.visibility(layer.id));
    }
    this.followLevel();
    if (this.layers.has("solid") !== this.map.getPitch() > 0) this.map.easeTo({ pitch: this.layers.has("solid") ? 50 : 0, bearing: 0 });
  }

  private go(place: { lon: number; lat: number; zoom: number }): void {
    this.map.easeTo({ center: [place.lon, place.lat], zoom: place.zoom, duration: 300 });
  }

  private click(event: MapMouseEvent): void {
    if (this.measuring.active) this.measuring.add(event.lngLat);
    else this.cards?.look(event.point, event.lngLat);
  }

  private watchKeys(): void {
    const canvas = this.map.getCanvas();
    canvas.setAttribute("aria-label", this.words.look ?? "");
    const cross = document.createElement("div");
    cross.className = "map-cross";
    cross.setAttribute("aria-hidden", "true");
    this.root.querySelector("[data-om-map]")?.append(cross);
    canvas.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      const middle = this.map.getCenter();
      if (this.measuring.active) this.measuring.add(middle);
      else this.cards?.look(this.map.project(middle), middle);
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.stopMeasuring();
    });
  }

  private watchTools(): void {
    const bar = this.root.querySelector<HTMLElement>(".om-tools");
    if (bar === null) return;
    bar.hidden = false;
    bar.addEventListener("click", (event) => {
      const button = (event.target as Element).closest<HTMLElement>("[data-tool]");
      const tool = button?.dataset.tool;
      if (tool === "print") window.print();
      if (tool !== "distance" && tool !== "area") return;
      const again = button?.getAttribute("aria-pressed") === "true";
      this.stopMeasuring();
      if (again) return;
      button?.setAttribute("aria-pressed", "true");
      this.measuring.begin(tool);
    });
  }

  private stopMeasuring(): void {
    if (this.measuring.active) this.measuring.end();
    for (const one of this.root.querySelectorAll("[data-tool][aria-pressed]")) one.setAttribute("aria-pressed", "false");
  }

  private sayMeasure(text: string): void {
    const place = this.root.querySelector<HTMLElement>("[data-om-measured]");
    if (place === null) return;
    place.textContent = text;
    place.hidden = text === "";
  }
}

async function start(root: HTMLElement): Promise<void> {
  if (document.createElement("canvas").getContext("webgl2") === null) return;
  const outside = root.dataset.outside ? (JSON.parse(root.dataset.outside) as Outside) : null;
  if (outside?.archive) await (await import("./lib/map/archive")).readArchives();
  new OneMap(root);
}

for (const root of document.querySelectorAll<HTMLElement>("[data-one-map]")) void start(root);
