// The draft on the server: how it stands, and the steps the map takes on it.
import type { Geometry, MultiPolygon, Polygon } from "geojson";

export interface Part {
  code: string;
  name: string;
  label: string; // what the map writes on it
  state: "new" | "changed" | "same";
  geometry: Polygon | MultiPolygon;
}

export interface Fault {
  kind: string;
  sentence: string;
  codes: string[];
  place: string | null; // GeoJSON
}

export interface Standing {
  revision: number;
  undo: boolean;
  redo: boolean;
  parent: Polygon | MultiPolygon | null;
  areas: Part[];
  faults: Fault[];
  lines: string[];
}

export interface Act {
  act: "redraw" | "split" | "merge" | "draw" | "undo" | "redo";
  code?: string;
  codes?: string[];
  geometry?: Geometry;
}

/** What the server says against a step; `overtaken` when somebody else saved first. */
export class Refusal extends Error {
  constructor(sentence: string, readonly overtaken: boolean) {
    super(sentence);
  }
}

export class Draft {
  standing: Standing | null = null;

  constructor(private readonly url: string, private readonly token: string, private readonly failed: string) {}

  /** Ask how the draft stands now. */
  async load(): Promise<Standing> {
    return (this.standing = await this.ask({}));
  }

  /** Take a step on the draft as it was last seen. */
  async take(act: Act): Promise<Standing> {
    const body = JSON.stringify({ ...act, seen: this.standing?.revision ?? -1 });
    const headers = { "Content-Type": "application/json", "X-CSRFToken": this.token };
    return (this.standing = await this.ask({ method: "POST", body, headers }));
  }

  private async ask(init: RequestInit): Promise<Standing> {
    let response: Response;
    let told: Standing & { error?: string };
    try {
      response = await fetch(this.url, init);
      told = (await response.json()) as Standing & { error?: string };
    } catch {
      throw new Refusal(this.failed, false);
    }
    if (!response.ok) throw new Refusal(told.error ?? this.failed, response.status === 409);
    return told;
  }
}

/** The single polygons of a polygon or multipolygon. */
export function polygonsOf(shape: Polygon | MultiPolygon | null): Polygon["coordinates"][] {
  if (!shape) return [];
  return shape.type === "Polygon" ? [shape.coordinates] : shape.coordinates;
}
