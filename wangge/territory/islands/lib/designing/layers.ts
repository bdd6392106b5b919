// How grids and blocks of a proposal look on the map; the same colours as in the pictures (designer.css).
import type { ExpressionSpecification, StyleSpecification } from "../maplibre";
import { FONTS } from "../style";

const LIGHT = ["#93cdd1", "#f0d68f", "#c8bce8", "#f2bda9", "#bddb9a", "#a6c8ee"];
const DARK = ["#1f5f66", "#6b5623", "#51478a", "#7a4436", "#46642f", "#2a5280"];

/** The layers over the ground, from below. */
export function layersOf(dark: boolean): StyleSpecification["layers"] {
  const [text, halo, home, house] = dark ? ["#ffffff", "#14191b", "#8b9aa0", "#475257"] : ["#16242a", "#ffffff", "#8d8778", "#cfcabd"];
  const hues = dark ? DARK : LIGHT;
  const hue: ExpressionSpecification = ["to-color", ["at", ["get", "hue"], ["literal", hues]]];
  const colour: ExpressionSpecification = ["case", ["get", "chosen"], "#e08a00", [">", ["get", "households"], 0], home, house];
  const ring: ExpressionSpecification = ["case", ["get", "chosen"], text, halo];
  return [
    { id: "design-grid", type: "fill", source: "design-grids", paint: { "fill-color": hue, "fill-opacity": 0.62 } },
    {
      id: "design-block", type: "fill", source: "design-blocks", filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": colour, "fill-outline-color": ring },
    },
    { id: "design-edge", type: "line", source: "design-grids", paint: { "line-color": text, "line-width": 2.5 } },
    {
      id: "design-point", type: "circle", source: "design-blocks", filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-color": colour, "circle-radius": 6, "circle-stroke-color": ring, "circle-stroke-width": 1.5 },
    },
    {
      id: "design-number", type: "symbol", source: "design-labels",
      layout: {
        "text-field": ["concat", ["to-string", ["get", "number"]], "\n", ["to-string", ["get", "households"]]],
        "text-font": FONTS, "text-size": 15, "text-allow-overlap": true,
      },
      paint: { "text-color": text, "text-halo-color": halo, "text-halo-width": 2 },
    },
  ] as StyleSpecification["layers"];
}
