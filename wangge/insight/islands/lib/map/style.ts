// The style of the one map: the ground of every map, taken from vector tiles, and above it what only this map shows.
import type { ExpressionSpecification, FilterSpecification, StyleSpecification } from "../../../../territory/islands/lib/maplibre";
import type { Palette } from "../../../../territory/islands/lib/palette";
import { FONTS, groundStyle } from "../../../../territory/islands/lib/style";
import type { Layer } from "./address";
import { AREA_ZOOMS, areaTiles, GROUND_ZOOMS, type Tiles, whole } from "./tiles";

export interface Outside {
  layers: string[][];
  archive: string;
  credit: string;
  approval: string;
}

type Layers = StyleSpecification["layers"];
type AnyLayer = Layers[number];

/** Which tiles a source of the common ground comes from. */
const FROM: Record<string, string> = {
  block: "ground", green: "ground", water: "ground", road: "ground", place: "ground",
  building: "building", area: "area", "area-name": "area",
};
/** What tiles have apart for drawing: what neighbours share, once. */
const DRAWN: Record<string, string> = { area: "area-line" };
const FINE: ExpressionSpecification = ["in", ["get", "level"], ["literal", ["grid", "micro"]]];
/** Layers of the ground that belong to a switch of their own. */
const SWITCH: Record<string, Layer> = { building: "buildings", "building-name": "buildings" };
const SOLID_FROM = 12.5;
const FLOORS_FROM = 17;
export const NO_FLOOR: FilterSpecification = ["==", ["get", "floor"], -1];

/** Which switch shows a layer; "" for what is always there. */
export function switchOf(layer: string): Layer | "" {
  if (layer in SWITCH) return SWITCH[layer] as Layer;
  if (layer.startsWith("case")) return "cases";
  if (layer.startsWith("solid")) return "solid";
  if (layer.startsWith("facilit")) return "facilities";
  if (layer.startsWith("unit-grid")) return "unitGrids";
  if (layer.startsWith("outside")) return "outside";
  return layer === "land" || layer.startsWith("area") ? "" : "ground";
}

export function tiledStyle(colour: Palette, tiles: Tiles, level: string, outside: Outside | null): StyleSpecification {
  const ground = groundStyle(colour).layers.map(fromTiles);
  const [land, ...others] = ground as [AnyLayer, ...Layers];
  const names = others.filter((layer) => layer.type === "symbol");
  const surfaces = others.filter((layer) => layer.type !== "symbol");
  return {
    version: 8,
    light: { anchor: "viewport", position: [1.3, 210, 40], intensity: 0.35 },
    sources: { ...sources(tiles, level), ...outsideSources(outside) },
    layers: [
      land, ...outsideLayers(outside), ...surfaces.flatMap(byFineness), ...unitGrids(colour), ...solids(colour), ...facilities(colour), ...names,
      ...cases(colour),
    ],
  };
}

function fromTiles(layer: AnyLayer): AnyLayer {
  if (!("source" in layer)) return layer;
  const named = layer.source as string;
  return { ...layer, source: FROM[named] ?? named, "source-layer": DRAWN[named] ?? named } as AnyLayer;
}

/** Grids are many and small: dashes would leave holes at their corners, and cost the most of all lines. */
function byFineness(layer: AnyLayer): Layers {
  if (layer.id !== "area" || layer.type !== "line") return [layer];
  const { "line-dasharray": _dashes, ...solid } = layer.paint ?? {};
  return [
    { ...layer, filter: ["!", FINE] },
    { ...layer, id: "area-fine", filter: FINE, paint: { ...solid, "line-width": 1 } },
  ];
}

function sources(tiles: Tiles, level: string): StyleSpecification["sources"] {
  const vector = (address: string, minzoom: number, maxzoom: number): StyleSpecification["sources"][string] => ({
    type: "vector", tiles: [whole(address)], minzoom, maxzoom,
  });
  return {
    ground: vector(tiles.ground, ...GROUND_ZOOMS),
    area: vector(areaTiles(tiles, level), ...AREA_ZOOMS),
    "unit-grid": vector(tiles.unitGrids, 14, 16),
    building: vector(tiles.buildings, 12, 17),
    facility: vector(tiles.facilities, 12, 16),
    case: vector(tiles.cases, 0, 18),
  };
}

function unitGrids(colour: Palette): Layers {
  return [
    {
      id: "unit-grid", type: "line", source: "unit-grid", "source-layer": "unit-grid", minzoom: 14,
      paint: { "line-color": colour.facility, "line-width": 0.8, "line-opacity": 0.7 },
    },
    {
      id: "unit-grid-code", type: "symbol", source: "unit-grid", "source-layer": "unit-grid", minzoom: 16.5,
      layout: { "text-field": ["slice", ["get", "code"], 9], "text-font": FONTS, "text-size": 11 },
      paint: { "text-color": colour.facility, "text-halo-color": colour.halo, "text-halo-width": 1.4 },
    },
  ];
}

function solids(colour: Palette): Layers {
  const [low, middle, high] = colour.solids;
  const shade = ["interpolate", ["linear"], ["get", "floors"], 2, low, 9, middle, 30, high];
  const rise = ["interpolate", ["linear"], ["zoom"], SOLID_FROM, 0, SOLID_FROM + 1, ["get", "height"]];
  const floors = { type: "fill-extrusion", source: "building", "source-layer": "floor", minzoom: FLOORS_FROM };
  return [
    {
      id: "solid", type: "fill-extrusion", source: "building", "source-layer": "building", minzoom: SOLID_FROM,
      maxzoom: FLOORS_FROM,
      paint: { "fill-extrusion-color": shade, "fill-extrusion-height": rise, "fill-extrusion-opacity": 0.94 },
    },
    {
      ...floors, id: "solid-floor",
      paint: {
        "fill-extrusion-color": ["interpolate", ["linear"], ["get", "of"], 2, low, 9, middle, 30, high],
        "fill-extrusion-base": ["get", "base"], "fill-extrusion-height": ["get", "top"], "fill-extrusion-opacity": 0.95,
      },
    },
    {
      ...floors, id: "solid-chosen", filter: NO_FLOOR,
      paint: {
        "fill-extrusion-color": colour.chosen, "fill-extrusion-base": ["-", ["get", "base"], 0.1],
        "fill-extrusion-height": ["+", ["get", "top"], 0.2], "fill-extrusion-opacity": 1,
      },
    },
  ] as Layers;
}

function facilities(colour: Palette): Layers {
  const source = { source: "facility", "source-layer": "facility" };
  const many = { source: "facility", "source-layer": "facilities" };
  return [
    {
      ...many, id: "facilities", type: "circle",
      paint: { "circle-color": colour.facility, "circle-opacity": 0.35, "circle-radius": size(4, 8, 14) },
    },
    {
      ...many, id: "facilities-n", type: "symbol",
      layout: { "text-field": ["to-string", ["get", "n"]], "text-font": FONTS, "text-size": 10 },
      paint: { "text-color": colour.text, "text-halo-color": colour.halo, "text-halo-width": 1 },
    },
    {
      ...source, id: "facility", type: "circle",
      paint: {
        "circle-color": ["case", ["get", "sound"], colour.facility, colour.halo],
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 16, 2, 18, 4.5], "circle-opacity": 0.85,
        "circle-stroke-color": colour.facility, "circle-stroke-width": 1,
      },
    },
  ] as Layers;
}

/** A radius that grows with what a circle stands for. */
function size(one: number, hundred: number, tenThousand: number): unknown {
  return ["interpolate", ["linear"], ["log10", ["max", 1, ["get", "n"]]], 0, one, 2, hundred, 4, tenThousand];
}

function cases(colour: Palette): Layers {
  const many = { source: "case", "source-layer": "cases" };
  const one = { source: "case", "source-layer": "case" };
  const light = ["match", ["get", "light"], "red", colour.late, "amber", colour.amber, "green", colour.open, colour.dotLine];
  const line = ["match", ["get", "light"], "ended", colour.closed, colour.dotLine];
  return [
    {
      ...many, id: "cases", type: "circle",
      paint: {
        "circle-color": colour.open, "circle-opacity": 0.85, "circle-radius": size(9, 17, 30),
        "circle-stroke-color": colour.dotLine, "circle-stroke-width": 2,
      },
    },
    {
      ...many, id: "cases-n", type: "symbol",
      layout: {
        "text-field": ["to-string", ["get", "n"]], "text-font": FONTS, "text-size": 12, "text-allow-overlap": true,
        "text-ignore-placement": true,
      },
      paint: { "text-color": colour.dotLine },
    },
    {
      ...one, id: "case", type: "circle",
      layout: { "circle-sort-key": ["match", ["get", "light"], "red", 3, "amber", 2, "green", 1, 0] },
      paint: {
        "circle-color": light,
        // A late one is larger too: colours alone do not tell it to everybody.
        "circle-radius": [
          "interpolate", ["linear"], ["zoom"],
          13, ["match", ["get", "light"], "red", 6, 4.5], 17, ["match", ["get", "light"], "red", 10, 7.5],
        ],
        "circle-stroke-color": line, "circle-stroke-width": 2,
      },
    },
  ] as Layers;
}

function outsideSources(outside: Outside | null): StyleSpecification["sources"] {
  if (outside === null) return {};
  const approved = [outside.credit, outside.approval].filter(Boolean).join(" · ");
  const raster = { type: "raster" as const, tileSize: 256, attribution: approved };
  if (outside.archive) return { "outside-0": { ...raster, url: `pmtiles://${outside.archive}` } };
  return Object.fromEntries(outside.layers.map((tiles, index) => [`outside-${index}`, { ...raster, tiles, maxzoom: 18 }]));
}

function outsideLayers(outside: Outside | null): Layers {
  return Object.keys(outsideSources(outside)).map((id) => ({ id, type: "raster" as const, source: id }));
}
