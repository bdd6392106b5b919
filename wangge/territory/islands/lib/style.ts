// The style of the map, built here: no style, tiles, sprites or fonts from anywhere else.
// Without an address for glyphs MapLibre draws all labels with the fonts of the machine, Chinese included.
import type { ExpressionSpecification, StyleSpecification } from "./maplibre";
import type { Palette } from "./palette";

export const FONTS = ["PingFang SC", "HarmonyOS Sans SC", "Microsoft YaHei", "Noto Sans SC", "WenQuanYi Micro Hei"];

type Layers = StyleSpecification["layers"];

const NOTHING = { type: "FeatureCollection" as const, features: [] };
const GROUND = ["block", "green", "water", "road", "building", "place", "area", "area-name"];

/** Width in pixels by zoom and rank of the road; a casing is a little wider. */
function width(extra: number): ExpressionSpecification {
  const by = (arterial: number, secondary: number, branch: number, lane: number): ExpressionSpecification => [
    "match", ["get", "rank"],
    0, arterial + extra, 1, secondary + extra, 2, branch + extra, lane > 0 ? lane + extra : 0,
  ];
  return [
    "interpolate", ["exponential", 1.6], ["zoom"],
    10, by(1, 0.5, 0.2, 0),
    13, by(3, 2, 0.8, 0),
    15, by(8, 6, 3.5, 1.2),
    17, by(20, 15, 10, 4),
    19, by(52, 38, 26, 12),
  ];
}

/** More important roads are drawn over the others. */
function importance(): ExpressionSpecification {
  return ["-", ["get", "rank"]];
}

/** By rank: parks (0) are green, the ground of estates (1) less so, farmland (2) stays in the background. */
function greens(colour: Palette): ExpressionSpecification {
  return ["match", ["get", "rank"], 0, colour.green, 1, colour.lawn, colour.field];
}

function surfaces(colour: Palette): Layers {
  return [
    { id: "land", type: "background", paint: { "background-color": colour.land } },
    { id: "block", type: "fill", source: "block", minzoom: 12, paint: { "fill-color": colour.block } },
    { id: "green", type: "fill", source: "green", paint: { "fill-color": greens(colour) } },
    { id: "water", type: "fill", source: "water", paint: { "fill-color": colour.water } },
    {
      id: "water-line", type: "line", source: "water", minzoom: 13,
      paint: { "line-color": colour.waterLine, "line-width": 1 },
    },
  ];
}

function roads(colour: Palette): Layers {
  const layout = { "line-cap": "round" as const, "line-join": "round" as const, "line-sort-key": importance() };
  const [arterial, secondary, branch, lane] = colour.roads;
  const fill: ExpressionSpecification = ["match", ["get", "rank"], 0, arterial, 1, secondary, 2, branch, lane];
  return [
    {
      id: "road-casing", type: "line", source: "road", minzoom: 12, layout,
      paint: { "line-color": colour.casing, "line-width": width(1.6) },
    },
    {
      id: "road", type: "line", source: "road", layout,
      paint: { "line-color": fill, "line-width": width(0) },
    },
  ];
}

function buildings(colour: Palette): Layers {
  const fade: ExpressionSpecification = ["interpolate", ["linear"], ["zoom"], 14.5, 0, 15.2, 1];
  return [
    {
      id: "building", type: "fill", source: "building", minzoom: 14.5,
      paint: {
        "fill-color": colour.building,
        "fill-outline-color": colour.buildingLine,
        "fill-opacity": fade,
      },
    },
  ];
}

function boundaries(colour: Palette): Layers {
  return [
    {
      id: "area", type: "line", source: "area",
      paint: { "line-color": colour.area, "line-width": 1.4, "line-dasharray": [4, 3], "line-opacity": 0.65 },
    },
  ];
}

function label(id: string, source: string, colour: string, halo: string, size: number, more: object = {}): Layers[number] {
  return {
    id, type: "symbol", source,
    filter: ["!=", ["get", "name"], ""],
    layout: {
      "text-field": ["get", "name"], "text-font": FONTS, "text-size": size, "text-max-width": 8, "text-padding": 6,
      ...more,
    },
    paint: { "text-color": colour, "text-halo-color": halo, "text-halo-width": 1.6 },
  } as Layers[number];
}

function names(colour: Palette): Layers {
  const along = { "symbol-placement": "line", "symbol-spacing": 420, "text-letter-spacing": 0.08 };
  return [
    { ...label("road-name", "road", colour.text, colour.halo, 12, along), minzoom: 13.5 } as Layers[number],
    { ...label("water-name", "water", colour.waterText, colour.halo, 13), minzoom: 12.5 } as Layers[number],
    { ...label("green-name", "green", colour.greenText, colour.halo, 12), minzoom: 14.5 } as Layers[number],
    { ...label("building-name", "building", colour.text, colour.halo, 11), minzoom: 17 } as Layers[number],
    { ...label("place-name", "place", colour.text, colour.halo, 12), minzoom: 14 } as Layers[number],
    label("area-name", "area-name", colour.areaText, colour.halo, 13),
  ];
}

/** The whole style with empty sources; `Ground` fills them as the map moves. */
export function groundStyle(colour: Palette): StyleSpecification {
  const sources = Object.fromEntries(GROUND.map((name) => [name, { type: "geojson" as const, data: NOTHING }]));
  const layers = [
    ...surfaces(colour), ...roads(colour), ...buildings(colour), ...boundaries(colour), ...names(colour),
  ];
  return { version: 8, sources, layers };
}
