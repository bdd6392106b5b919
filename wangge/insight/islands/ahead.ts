// Before the map is there: what it will ask for first is asked for while the browser still reads MapLibre, which is
// large. Then the server makes the tiles meanwhile, and the map finds them in the browser's own memory.
import worker from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import { readBoundaries, readLayers } from "./lib/map/address";
import { beginning } from "./lib/map/beginning";
import { AREA_ZOOMS, addressOf, areaTiles, covering, GROUND_ZOOMS, levelAt, type Tiles, whole } from "./lib/map/tiles";

function ahead(root: HTMLElement): string[] {
  const tiles = JSON.parse(root.dataset.tiles ?? "{}") as Tiles;
  const { view, width, height } = beginning(root);
  const boundaries = readBoundaries(location.search);
  const level = boundaries === "auto" ? levelAt(view.zoom) : boundaries;
  const areas = level === "none" ? [] : covering(view, width, height, AREA_ZOOMS);
  const ground = readLayers(location.search).has("ground") ? covering(view, width, height, GROUND_ZOOMS) : [];
  return [
    ...areas.map((place) => addressOf(areaTiles(tiles, level), place)),
    ...ground.map((place) => addressOf(whole(tiles.ground), place)),
  ];
}

/** Whoever does not read an answer to its end holds up the next one. */
async function ask(address: string): Promise<void> {
  try {
    await (await fetch(address)).arrayBuffer();
  } catch {
    // No connection: the map will say so, or ask again.
  }
}

for (const root of document.querySelectorAll<HTMLElement>("[data-one-map]:not([data-wall-map])")) {
  for (const address of ahead(root)) void ask(address);
}
if (document.querySelector("[data-one-map]") !== null) void ask(worker);
