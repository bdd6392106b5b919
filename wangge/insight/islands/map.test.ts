import { beforeEach, describe, expect, it } from "vitest";
import { daysBetween, lengthOf, periodOf, readBoundaries, readFilters, readLayers, readView, writeQuery, writeView } from "./lib/map/address";
import { holds } from "./lib/map/cards";
import { inWords, length, surface } from "./lib/map/measure";
import { Panel } from "./lib/map/panel";
import { describe as inWordsOfTheForm, frame } from "./lib/map/paper";
import { switchOf, tiledStyle } from "./lib/map/style";
import { addressOf, areaTiles, covering, fitting, levelAt, type Tiles } from "./lib/map/tiles";
import { DARK, LIGHT } from "../../territory/islands/lib/palette";

const TILES: Tiles = {
  ground: "/g/{z}/{x}/{y}.mvt", areas: "/a/{level}/{z}/{x}/{y}.mvt", unitGrids: "/u/{z}/{x}/{y}.mvt",
  buildings: "/b/{z}/{x}/{y}.mvt", facilities: "/f/{z}/{x}/{y}.mvt", cases: "/c/{z}/{x}/{y}.mvt",
};

describe("the address", () => {
  it("says the filters and layers, and nothing where they are the usual ones", () => {
    const usual = readLayers("");
    expect(writeQuery(readFilters("?state=open&group="), usual, "auto")).toBe("");
    const query = writeQuery(readFilters("?state=late&area=7&foreign=1"), new Set(["cases", "solid"]), "grid");
    expect(query).toBe("?state=late&area=7&show=cases+solid&boundaries=grid");
    expect(readFilters(query)).toEqual({ state: "late", area: "7" });
    expect([...readLayers(query)]).toEqual(["cases", "solid"]);
    expect(readBoundaries(query)).toBe("grid");
    expect(readBoundaries("?boundaries=moon")).toBe("auto");
    expect([...readLayers("?show=nonsense")]).toEqual([]);
  });

  it("keeps the view in its hash and believes no nonsense", () => {
    const view = { zoom: 16.5, lat: 32.9, lon: 118.93, bearing: -20, pitch: 50 };
    expect(readView(writeView(view))).toEqual(view);
    expect(writeView({ ...view, bearing: 0, pitch: 0 })).toBe("#map=16.50/32.90000/118.93000");
    for (const odd of ["", "#map=", "#map=x/y/z", "#map=99/0/0", "#other=1/2/3", "#map=3/95/0", "#map=3/2"]) {
      expect(readView(odd)).toBeNull();
    }
  });

  it("counts periods in days of the calendar", () => {
    expect(periodOf("2026-03-01", 0, 7)).toEqual({ since: "2026-02-23", until: "2026-03-01" });
    expect(periodOf("2026-03-01", 1, 1)).toEqual({ since: "2026-02-28", until: "2026-02-28" });
    expect(daysBetween("2026-02-23", "2026-03-01")).toBe(6);
  });

  it("never calls days that somebody typed all times", () => {
    const offered = ["", "1", "7", "typed"];
    expect(lengthOf("", "", offered)).toBe("");
    expect(lengthOf("2026-02-23", "2026-03-01", offered)).toBe("7");
    for (const [since, until] of [["2026-02-20", "2026-03-01"], ["2026-02-20", ""], ["", "2026-03-01"]] as const) {
      expect(lengthOf(since, until, offered)).toBe("typed");
    }
  });
});

describe("measuring", () => {
  it("gives a degree of the equator its length and a square of it its surface", () => {
    expect(length([[0, 0], [1, 0]])).toBeCloseTo(111_195, 0);
    expect(length([[0, 0]])).toBe(0);
    const square = [[0, 0], [1, 0], [1, 1], [0, 1]] as const;
    expect(surface(square) / 12_363_718_145).toBeCloseTo(1, 3);
    expect(surface([...square].reverse())).toBeCloseTo(surface(square), 0);
    expect(surface([[0, 0], [1, 1]])).toBe(0);
  });

  it("says metres first and kilometres later", () => {
    const words = { metres: "{n} m", kilometres: "{n} km", squareMetres: "{n} m²", squareKilometres: "{n} km²" };
    expect(inWords(999.4, words, "distance")).toBe("999 m");
    expect(inWords(1500, words, "distance")).toBe("1.5 km");
    expect(inWords(2_500_000, words, "area")).toBe("2.5 km²");
  });
});

describe("the style", () => {
  it.each([LIGHT, DARK])("takes everything from our own tiles", (palette) => {
    const style = tiledStyle(palette, TILES, "street", null);
    const known = Object.keys(style.sources);
    for (const layer of style.layers) {
      if ("source" in layer) {
        expect(known).toContain(layer.source);
        expect(layer["source-layer"]).toBeTruthy();
      }
    }
    expect(style.glyphs).toBeUndefined();
    const addresses = Object.values(style.sources).flatMap((source) => ("tiles" in source ? (source.tiles ?? []) : []));
    for (const address of addresses) expect(address.startsWith(location.origin)).toBe(true);
    expect(areaTiles(TILES, "grid")).toContain("/a/grid/");
  });

  it("draws what neighbours share once: dashed for the large, a plain line for grids", () => {
    const drawn = tiledStyle(LIGHT, TILES, "street", null).layers.filter((layer) => "source-layer" in layer && layer["source-layer"] === "area-line");
    expect(drawn.map((layer) => [layer.id, "line-dasharray" in (layer.paint ?? {})])).toEqual([["area", true], ["area-fine", false]]);
    const [large, fine] = drawn.map((layer) => ("filter" in layer ? layer.filter : undefined));
    expect(large).toEqual(["!", fine]);
    expect(fine).toEqual(["in", ["get", "level"], ["literal", ["grid", "micro"]]]);
  });

  it("lays an outside map below everything but the land", () => {
    const outside = { layers: [["https://maps.example/{z}/{x}/{y}.png"], ["https://maps.example/n/{z}/{x}/{y}.png"]], archive: "", credit: "示例", approval: "GS" };
    const ids = tiledStyle(LIGHT, TILES, "street", outside).layers.map((layer) => layer.id);
    expect(ids.slice(0, 3)).toEqual(["land", "outside-0", "outside-1"]);
    const archive = tiledStyle(LIGHT, TILES, "street", { ...outside, layers: [], archive: "https://maps.example/t.pmtiles" });
    expect(archive.sources["outside-0"]).toMatchObject({ url: "pmtiles://https://maps.example/t.pmtiles" });
  });

  it("gives every layer to a switch, and areas to the zoom", () => {
    expect(["case", "cases-n", "solid-floor", "facility", "unit-grid-code", "building-name", "road", "land", "area-name"].map(switchOf)).toEqual([
      "cases", "cases", "solid", "facilities", "unitGrids", "buildings", "ground", "", "",
    ]);
    expect([8, 11, 13, 16].map(levelAt)).toEqual(["county", "street", "community", "grid"]);
  });
});

describe("the tiles a map begins with", () => {
  const above = { zoom: 12.2, lat: 32.91, lon: 118.935, bearing: 0, pitch: 0 };

  it("cover the frame, the middle first", () => {
    const tiles = covering(above, 1128, 836, [4, 16]);
    expect(tiles.map(({ z, x, y }) => `${z}/${x}/${y}`).sort()).toEqual([
      "12/3400/1650", "12/3400/1651", "12/3401/1650", "12/3401/1651", "12/3402/1650", "12/3402/1651",
    ]);
    expect(tiles[0]).toEqual({ z: 12, x: 3401, y: 1651 });
    expect(addressOf("/g/{z}/{x}/{y}.mvt", { z: 12, x: 3401, y: 1650 })).toBe("/g/12/3401/1650.mvt");
  });

  it("are enlarged beyond the finest, none below the coarsest, and not guessed where the map is turned or tilted", () => {
    expect(covering({ ...above, zoom: 18 }, 500, 500, [4, 16]).every(({ z }) => z === 16)).toBe(true);
    expect(covering({ ...above, zoom: 3 }, 500, 500, [4, 16])).toEqual([]);
    expect(covering({ ...above, pitch: 50 }, 500, 500, [4, 16])).toEqual([]);
    expect(covering({ ...above, bearing: 20 }, 500, 500, [4, 16])).toEqual([]);
    expect(covering({ ...above, zoom: 0.5, lat: 80, lon: -179 }, 4000, 4000, [0, 16])).toEqual([{ z: 0, x: 0, y: 0 }]);
  });

  it("begin with all there is", () => {
    const view = fitting([118.8, 32.8, 119.0, 33.0], 1128, 836);
    expect(view.lon).toBeCloseTo(118.9, 9);
    expect(view.lat).toBeCloseTo(32.9, 3);
    const degreesHigh = (836 / (512 * 2 ** view.zoom)) * 360 * Math.cos((32.9 * Math.PI) / 180);
    expect((0.2 / degreesHigh) * 836).toBeCloseTo(836 - 48, 0);
    expect(fitting([1, 2, 1, 2], 500, 500).zoom).toBe(20);
  });
});

describe("which area a place lies in", () => {
  const ring = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]];
  const court = [[1, 1], [2, 1], [2, 2], [1, 2], [1, 1]];

  it("respects courts and parts", () => {
    const one: GeoJSON.Polygon = { type: "Polygon", coordinates: [ring, court] };
    expect(holds(one, [3, 3])).toBe(true);
    expect(holds(one, [1.5, 1.5])).toBe(false);
    expect(holds(one, [5, 3])).toBe(false);
    expect(holds({ type: "MultiPolygon", coordinates: [[ring], [[[9, 9], [10, 9], [10, 10], [9, 9]]]] }, [9.9, 9.5])).toBe(true);
    expect(holds({ type: "Point", coordinates: [3, 3] }, [3, 3])).toBe(false);
  });
});

describe("the time below the map", () => {
  it("shows what was typed beside it, and moves only what has a length", () => {
    document.body.innerHTML = `<div id="m" data-words='{"period":"{since} to {until}","always":"All times"}'>
      <form id="om-filters"><input name="since"><input name="until"></form><div data-om-list></div>
      <form data-om-time data-today="2026-03-01"><select data-om-window><option value="">All times</option>
        <option value="7">7 days</option><option value="typed" hidden disabled>Chosen days</option></select>
        <input type="range" data-om-day min="0" max="365"><output data-om-period></output></form></div>`;
    const root = document.querySelector("#m") as HTMLElement;
    const seen = ["?since=2026-02-10&until=2026-02-28", "?since=2026-02-10", "?since=2026-02-23&until=2026-03-01", ""].map((query) => {
      history.replaceState(null, "", `/map/${query}`);
      new Panel(root, () => undefined, () => undefined);
      const [window, day, said] = ["window", "day", "period"].map((name) => root.querySelector(`[data-om-${name}]`)) as
        [HTMLSelectElement, HTMLInputElement, HTMLOutputElement];
      return [window.selectedOptions[0]?.textContent, day.disabled, said.textContent];
    });
    expect(seen).toEqual([
      ["Chosen days", true, "2026-02-10 to 2026-02-28"], ["Chosen days", true, "2026-02-10 to …"],
      ["7 days", false, "2026-02-23 to 2026-03-01"], ["All times", true, "All times"],
    ]);
  });
});

describe("on paper", () => {
  let root: HTMLElement;
  beforeEach(() => {
    root = document.createElement("div");
    root.innerHTML = `<form id="om-filters"><label><input type="radio" name="state" checked><span>Late</span></label>
      <select><option value="">Every kind</option></select><select><option value="7" selected>Lamps</option></select></form>
      <div class="om-sum"><p role="status"><b>3</b>
        cases on the map</p></div><output data-om-period>All times</output>`;
  });

  it("says what is shown in the words of the form", () => {
    expect(inWordsOfTheForm(root, {})).toMatch(/^Late · Lamps · All times · 3 cases on the map · /);
  });

  it("has a bar for distances, an arrow to the north, and whose map it is with its approval", () => {
    root.innerHTML = `<div class="om-stage"><div class="maplibregl-ctrl-scale">500 m</div>
      <div class="maplibregl-ctrl-attrib-inner">Outside map · Approval GS(2026)1</div></div>
      <div data-om-paper><span data-om-scale></span><span data-om-north></span><span data-om-source></span></div>`;
    const bar = root.querySelector(".maplibregl-ctrl-scale") as HTMLElement;
    Object.defineProperty(bar, "offsetWidth", { value: 100 });
    const seen = (pitch: number): never =>
      ({ getCanvas: () => ({ clientWidth: 1000, clientHeight: 500 }), getPitch: () => pitch, getBearing: () => 30 }) as never;
    frame(root, seen(0));
    const scale = root.querySelector("[data-om-scale]") as HTMLElement;
    expect([scale.textContent, scale.style.width, scale.hidden]).toEqual(["500 m", "10%", false]);
    expect((root.querySelector("[data-om-north]") as HTMLElement).style.transform).toBe("rotate(-30deg)");
    expect(root.querySelector("[data-om-source]")?.textContent).toContain("Approval GS(2026)1");
    frame(root, seen(58));
    expect(scale.hidden).toBe(true);
  });
});
