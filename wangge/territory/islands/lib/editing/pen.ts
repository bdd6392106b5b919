// The pen: terra-draw on our map, one task at a time, snapping to neighbours and roads.
import type { Feature, LineString, Polygon, Position } from "geojson";
import { TerraDraw, TerraDrawLineStringMode, TerraDrawPolygonMode, TerraDrawSelectMode } from "terra-draw";
import { TerraDrawMapLibreGLAdapter } from "terra-draw-maplibre-gl-adapter";
import type { Map } from "../maplibre";
import { nearest, nearestCorner, type Ring } from "./shapes";

const REACH = 12; // pixels
const COLOUR = "#b5475b";
type Shape = Polygon | LineString;

interface Project {
  project: (lng: number, lat: number) => { x: number; y: number };
}

export class Pen {
  private draw: TerraDraw | null = null;
  private history: Shape[] = [];

  constructor(
    private readonly map: Map,
    private readonly lines: () => Ring[],
  ) {}

  /** Let a boundary be reshaped by its corners. */
  reshape(shape: Polygon): void {
    const draw = this.start(new TerraDrawSelectMode({
      flags: {
        polygon: {
          feature: { draggable: false, coordinates: { midpoints: true, draggable: true, deletable: true, snappable: { toCustom: this.snap } } },
        },
      },
      styles: { selectedPolygonColor: COLOUR, selectedPolygonOutlineColor: COLOUR, selectedPolygonFillOpacity: 0.15, selectionPointColor: COLOUR },
    }), "select", new TerraDrawPolygonMode());
    const feature = { type: "Feature" as const, geometry: plain(shape), properties: { mode: "polygon" } };
    const id = draw.addFeatures([feature])[0]?.id;
    if (id !== undefined) draw.selectFeature(id);
    this.history = [plain(shape)];
    draw.on("finish", () => this.remember());
  }

  /** Let a line be drawn; `done` hears of it. */
  line(done: (line: LineString) => void): void {
    const mode = new TerraDrawLineStringMode({ snapping: { toCustom: this.snap }, styles: { lineStringColor: COLOUR, lineStringWidth: 3 } });
    this.start(mode, "linestring").on("finish", () => done(this.shape() as LineString));
  }

  /** Let an area be drawn; `done` hears of it. */
  area(done: (area: Polygon) => void): void {
    const mode = new TerraDrawPolygonMode({ snapping: { toCustom: this.snap }, styles: { fillColor: COLOUR, outlineColor: COLOUR } });
    this.start(mode, "polygon").on("finish", () => done(this.shape() as Polygon));
  }

  /** What is drawn now. */
  shape(): Shape | null {
    const drawn = this.draw?.getSnapshot().find(({ properties }) => isOwn(properties));
    return drawn ? (drawn.geometry as Shape) : null;
  }

  /** One corner back while reshaping; whether there was one. */
  back(): boolean {
    if (this.history.length < 2 || !this.draw) return false;
    this.history.pop();
    const last = this.history.at(-1);
    if (last?.type !== "Polygon") return false;
    this.stop();
    const kept = [...this.history];
    this.reshape(last);
    this.history = kept;
    return true;
  }

  get isBusy(): boolean {
    return this.draw !== null;
  }

  stop(): void {
    this.draw?.stop();
    this.draw = null;
  }

  private start(mode: TerraDrawSelectMode | TerraDrawLineStringMode | TerraDrawPolygonMode, name: string, ...more: TerraDrawPolygonMode[]): TerraDraw {
    this.stop();
    this.draw = new TerraDraw({
      adapter: new TerraDrawMapLibreGLAdapter({ map: this.map, coordinatePrecision: 7 }),
      modes: [mode, ...more],
    });
    this.draw.start();
    this.draw.setMode(name);
    return this.draw;
  }

  private remember(): void {
    const shape = this.shape();
    if (shape) this.history.push(structuredClone(shape));
  }

  /** A corner of a neighbour or a road within reach, else a point on its side, else where the pointer is. */
  private readonly snap = (event: { lng: number; lat: number }, { project }: Project): Position | undefined => {
    const at: Position = [event.lng, event.lat];
    const here = project(event.lng, event.lat);
    const lines = this.lines();
    return [nearestCorner(at, lines), nearest(at, lines)].find((place) => {
      if (!place) return false;
      const there = project(place[0], place[1]);
      return Math.hypot(there.x - here.x, there.y - here.y) <= REACH;
    }) ?? undefined;
  };
}

function isOwn(properties: Feature["properties"]): boolean {
  return !properties?.midPoint && !properties?.selectionPoint && !properties?.closingPoint && !properties?.snappingPoint;
}

/** Seven decimals, as the server keeps them and terra-draw wants them. */
function plain(shape: Polygon): Polygon {
  const round = (degrees: number): number => Math.round(degrees * 1e7) / 1e7;
  return { type: "Polygon", coordinates: shape.coordinates.map((ring) => ring.map(([x, y]) => [round(x ?? 0), round(y ?? 0)])) };
}
