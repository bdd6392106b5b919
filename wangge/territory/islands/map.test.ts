import type { Feature } from "geojson";
import { describe, expect, it } from "vitest";
import { labelPoints } from "./lib/ground";
import { boxFrom, pointFrom, readOptions } from "./lib/options";
import { DARK, LIGHT } from "./lib/palette";
import { groundStyle } from "./lib/style";
import { contains, leastRank, windowOf, withParameters, written } from "./lib/window";

describe("what a page says about its map", () => {
  it("is read from its attributes, and nonsense becomes the usual", () => {
    const options = readOptions({ mode: "dance", bbox: "1,2,3", zoom: "x", words: "{" } as DOMStringMap);
    expect(options.mode).toBe("show");
    expect(options.box).toEqual([97, 24, 122, 42]);
    expect(options.zoom).toBe(17);
    expect(options.words).toEqual({});
  });

  it("takes half a coordinate as none", () => {
    expect(pointFrom("118.9", "")).toBeNull();
    expect(pointFrom("", "32.9")).toBeNull();
    expect(pointFrom("118.9", "91")).toBeNull();
    expect(pointFrom("118.9", "32.9")).toEqual([118.9, 32.9]);
  });

  it("knows a whole box", () => {
    expect(boxFrom("118.8,32.8,119,33")).toEqual([118.8, 32.8, 119, 33]);
    expect(boxFrom("118.8,32.8,119")).toBeNull();
  });
});

describe("what is asked for", () => {
  const view = { west: 118.901, south: 32.902, east: 118.909, north: 32.907 };

  it("is whole tiles around the view, so that a small step asks for nothing new", () => {
    const box = windowOf(view, 15.7);
    expect(contains(box, view)).toBe(true);
    expect(box.east - box.west).toBeLessThan(0.034);
    const step = { west: view.west + 1e-4, south: view.south, east: view.east + 1e-4, north: view.north };
    expect(windowOf(step, 15.7)).toEqual(box);
  });

  it("never leaves the earth", () => {
    expect(windowOf({ west: -200, south: -95, east: 200, north: 95 }, 1)).toEqual({ west: -180, south: -90, east: 180, north: 90 });
  });

  it("is fewer roads from further away", () => {
    expect([9, 12, 13.5, 16].map(leastRank)).toEqual([0, 1, 2, 9]);
  });

  it("is added to whatever parameters an address has", () => {
    expect(withParameters("/a.json", { bbox: written({ west: 1, south: 2, east: 3, north: 4 }) })).toBe("/a.json?bbox=1%2C2%2C3%2C4");
    expect(withParameters("/a.json?state=open", { rank: 2 })).toBe("/a.json?state=open&rank=2");
  });
});

describe("the style", () => {
  it.each([LIGHT, DARK])("asks nobody outside for anything", (palette) => {
    const style = groundStyle(palette);
    expect(style.glyphs).toBeUndefined();
    expect(style.sprite).toBeUndefined();
    expect(JSON.stringify(style)).not.toMatch(/https?:/);
    const known = Object.keys(style.sources);
    for (const layer of style.layers) if ("source" in layer) expect(known).toContain(layer.source);
  });
});

describe("names of areas", () => {
  it("stand once each, at the centre, and not where there is none", () => {
    const area = (name: string, centre: (number | null)[]): Feature => ({
      type: "Feature",
      properties: { name, centre },
      geometry: { type: "Polygon", coordinates: [] },
    });
    const points = labelPoints({ type: "FeatureCollection", features: [area("一社区", [118.9, 32.9]), area("二社区", [null, null])] });
    expect(points.features.map((point) => point.properties?.name)).toEqual(["一社区"]);
  });
});
