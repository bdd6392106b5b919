// A map on a page: <div data-map data-mode="pick|show|points" …>, written by the template tag {% map %}.
// It draws our own ground only. Without scripts or WebGL the words inside the element stay, and the page has a list.
import "./map.css";
import { Dots } from "./lib/dots";
import { followTheme } from "./lib/follow";
import { Ground } from "./lib/ground";
import { AttributionControl, Map, Marker, NavigationControl, ScaleControl } from "./lib/maplibre";
import { type Options, readOptions } from "./lib/options";
import { DARK, isDark, LIGHT, type Palette } from "./lib/palette";
import { Picking } from "./lib/picking";
import { offerPosition } from "./lib/position";
import { FONTS, groundStyle } from "./lib/style";

const MOST_ZOOM = 20;

function draw(frame: HTMLElement): Map | undefined {
  const options = readOptions(frame.dataset);
  offerPosition(document, options.words);
  if (!canDraw()) return undefined;
  const colour = (): Palette => (isDark(frame) ? DARK : LIGHT);
  const ground = document.createElement("div");
  ground.className = "map-ground";
  frame.append(ground);
  const map = new Map({
    container: ground,
    style: groundStyle(colour()),
    ...firstView(options),
    maxZoom: MOST_ZOOM,
    maxPitch: 0,
    dragRotate: false,
    pitchWithRotate: false,
    attributionControl: false,
    cooperativeGestures: options.cooperative,
    localIdeographFontFamily: FONTS.map((name) => `"${name}"`).join(", "),
    locale: options.words,
    fadeDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
  });
  map.touchZoomRotate.disableRotation();
  addControls(map, options);
  new Ground(map, options, options.areaLevel);
  if (options.pointsUrl) new Dots(map, options.pointsUrl, colour);
  if (options.mode === "pick") new Picking(map, frame, options, LIGHT.open);
  if (options.mode === "show" && options.point) new Marker({ color: LIGHT.open }).setLngLat(options.point).addTo(map);
  frame.classList.add("map-drawn");
  followTheme(frame, () => map.setStyle(groundStyle(colour()), { diff: false }));
  if (options.mode !== "pick") document.addEventListener("wangge:place", (event) => approach(map, event));
  return map;
}

function firstView(options: Options): Partial<ConstructorParameters<typeof Map>[0]> {
  if (options.point) return { center: options.point, zoom: options.zoom };
  const [west, south, east, north] = options.box;
  return { bounds: [[west, south], [east, north]], fitBoundsOptions: { padding: 12 } };
}

function addControls(map: Map, options: Options): void {
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new ScaleControl({ maxWidth: 80 }), "bottom-left");
  map.addControl(new AttributionControl({ compact: true, customAttribution: options.attribution }), "bottom-right");
}

function approach(map: Map, event: Event): void {
  const { lon, lat } = (event as CustomEvent<{ lon: number; lat: number }>).detail;
  map.easeTo({ center: [lon, lat], zoom: Math.max(map.getZoom(), 16) });
}

function canDraw(): boolean {
  try {
    return document.createElement("canvas").getContext("webgl2") !== null;
  } catch {
    return false;
  }
}

const drawn = new globalThis.Map<HTMLElement, Map>();

/** The map drawn in a frame, for an island that draws more on it; none where the device cannot. */
export function mapOf(frame: HTMLElement): Map | undefined {
  return drawn.get(frame);
}

/** Draw the maps in a part of the page that are not drawn yet. */
function mount(part: ParentNode): void {
  for (const frame of part.querySelectorAll<HTMLElement>("[data-map]")) {
    if (drawn.has(frame)) continue;
    const map = draw(frame);
    if (map !== undefined) drawn.set(frame, map);
  }
}

/** A browser keeps few WebGL maps: one that htmx takes off the page is given back. */
function unmount(event: Event): void {
  const frame = event.target as HTMLElement;
  drawn.get(frame)?.remove();
  drawn.delete(frame);
}

mount(document);
document.addEventListener("htmx:load", (event) => mount(event.target as HTMLElement));
document.addEventListener("htmx:beforeCleanupElement", unmount);
