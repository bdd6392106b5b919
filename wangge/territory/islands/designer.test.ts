import { beforeEach, describe, expect, it } from "vitest";
import { boxOf, choiceOf, choose, chosenIn, take } from "./lib/designing/choosing";
import { layersOf } from "./lib/designing/layers";

beforeEach(() => {
  document.body.innerHTML = `
    <select name="blocks" multiple><option value="0">1幢</option><option value="7">2幢</option></select>
    <select name="into"><option value="1">1</option><option value="2">2</option></select>`;
});

describe("a click on the map", () => {
  it("means the block where a block lies over a grid", () => {
    const grid = { layer: "design-grid", properties: { number: 2 } };
    const block = { layer: "design-block", properties: { at: 7 } };
    expect(choiceOf([grid, block])).toEqual({ kind: "block", at: 7 });
    expect(choiceOf([grid])).toEqual({ kind: "grid", number: 2 });
    expect(choiceOf([])).toBeNull();
  });

  it("chooses a block in the form, and lets it go the second time", () => {
    choose(document, 7);
    choose(document, 0);
    expect(chosenIn(document)).toEqual(new Set([0, 7]));
    choose(document, 7);
    expect(chosenIn(document)).toEqual(new Set([0]));
    choose(document, 99);
    expect(chosenIn(document)).toEqual(new Set([0]));
  });

  it("chooses the grid that takes them", () => {
    take(document, 2);
    expect(document.querySelector<HTMLSelectElement>("[name=into]")?.value).toBe("2");
  });
});

describe("the box around a proposal", () => {
  it("holds every corner, of several parts too", () => {
    const geometry = {
      type: "MultiPolygon" as const,
      coordinates: [[[[1, 2], [3, 2], [3, 4], [1, 2]]], [[[5, 0], [6, 0], [6, 1], [5, 0]]]],
    };
    const shapes = { type: "FeatureCollection" as const, features: [{ type: "Feature" as const, properties: {}, geometry }] };
    expect(boxOf(shapes)).toEqual([[1, 0], [6, 4]]);
    expect(boxOf({ type: "FeatureCollection", features: [] })).toBeNull();
  });
});

describe("the layers", () => {
  it.each([true, false])("draw only what the designer brings (dark: %s)", (dark) => {
    const sources = layersOf(dark).map((layer) => ("source" in layer ? layer.source : ""));
    expect(new Set(sources)).toEqual(new Set(["design-grids", "design-blocks", "design-labels"]));
  });
});
