// The boundary editor: <div data-boundaries data-url …> around a map. Reshape, split, merge, draw; every step goes to the
// draft on the server, which looks at the whole. Without this island, each step has a form of its own.
import type { Polygon } from "geojson";
import { Canvas } from "./lib/editing/canvas";
import { type Act, Draft, polygonsOf, Refusal, type Standing } from "./lib/editing/draft";
import { Pen } from "./lib/editing/pen";
import { crossing, outside, type Ring, squareMetres } from "./lib/editing/shapes";
import type { Map } from "./lib/maplibre";
import { mapOf } from "./map";

type Words = Record<string, string>;

class Editor {
  private readonly words: Words;
  private readonly draft: Draft;
  private readonly pen: Pen;
  private readonly canvas: Canvas;
  private chosen: string[] = [];
  private task = "";

  constructor(private readonly frame: HTMLElement, private readonly map: Map) {
    this.words = JSON.parse(frame.dataset.words ?? "{}") as Words;
    this.draft = new Draft(frame.dataset.url ?? "", frame.dataset.token ?? "", this.words.failed ?? "");
    this.pen = new Pen(map, () => this.lines());
    this.canvas = new Canvas(map, (code, more) => this.choose(code, more));
    for (const button of frame.querySelectorAll<HTMLButtonElement>("[data-tool]")) {
      button.addEventListener("click", () => this.use(button.dataset.tool ?? ""));
    }
    document.addEventListener("keydown", (event) => this.key(event));
    void this.run(() => this.draft.load()).then(() => this.canvas.fit());
  }

  // -- Tools --------------------------------------------------------------------------------------------

  private use(tool: string): void {
    if (tool === "undo") return this.undo();
    if (tool === "redo") return void this.take({ act: "redo" });
    if (tool === "merge") return void this.take({ act: "merge", codes: this.chosen });
    if (tool === "save") return this.save();
    if (tool === "cancel") return this.cancel();
    this.begin(tool);
  }

  private begin(tool: string): void {
    const area = this.draft.standing?.areas.find(({ code }) => code === this.chosen[0]);
    // The pen holds one ring: of an area with a hole or in several pieces it would lose the rest.
    const whole = area?.geometry.type === "Polygon" && area.geometry.coordinates.length === 1 ? area.geometry : null;
    if (tool === "reshape" && !whole) return this.refuse(this.words.rings ?? "");
    this.refuse("");
    this.task = tool;
    if (tool === "reshape" && whole) this.pen.reshape(whole);
    if (tool === "split" && area) this.pen.line((geometry) => void this.take({ act: "split", code: area.code, geometry }));
    if (tool === "draw") this.pen.area((geometry) => this.send({ act: "draw", geometry }, geometry));
    this.say(this.words[tool] ?? "");
    this.offer();
  }

  private undo(): void {
    if (this.task === "reshape") return void this.pen.back();
    void this.take({ act: "undo" });
  }

  private save(): void {
    const shape = this.pen.shape();
    if (shape?.type === "Polygon") this.send({ act: "redraw", code: this.chosen[0], geometry: shape }, shape);
  }

  private cancel(): void {
    this.pen.stop();
    this.task = "";
    this.refuse("");
    this.tell();
  }

  /** Look quickly here; what passes goes to the server. */
  private send(act: Act, shape: Polygon): void {
    const found = this.fault(shape.coordinates[0] ?? []);
    if (!found) return void this.take(act);
    this.refuse(found.sentence);
    this.canvas.lead(found.place && JSON.stringify({ type: "Point", coordinates: found.place }), found.sentence);
  }

  private fault(ring: Ring): { sentence: string; place: [number, number] | null } | null {
    const say = (word: string, place: [number, number] | null): { sentence: string; place: [number, number] | null } => ({
      sentence: (this.words[word] ?? "").replace("{place}", place ? place.map((degrees) => degrees.toFixed(5)).join(", ") : ""),
      place,
    });
    const crossed = crossing(ring);
    if (crossed) return say("crossing", crossed);
    if (squareMetres(ring) < 1) return say("small", null);
    const parent = this.draft.standing?.parent ?? null;
    const stray = parent ? outside(ring, polygonsOf(parent)) : null;
    return stray ? say("outside", stray) : null;
  }

  private async take(act: Act): Promise<void> {
    const kept = this.chosen;
    if (!(await this.run(() => this.draft.take(act)))) return;
    this.pen.stop();
    this.task = "";
    this.chosen = kept.filter((code) => this.draft.standing?.areas.some((area) => area.code === code));
    this.tell();
    this.say(this.words.saved ?? "");
  }

  /** Ask the server; a refusal is shown and what is drawn stays. Overtaken: theirs is loaded under it, to be saved again. */
  private async run(ask: () => Promise<Standing>): Promise<boolean> {
    try {
      await ask();
      this.refuse("");
      this.tell();
      return true;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.refuse(error.message);
      if (error.overtaken) {
        await this.draft.load().catch(() => undefined);
        this.tell();
      }
      return false;
    }
  }

  // -- Choosing -----------------------------------------------------------------------------------------

  private choose(code: string, more: boolean): void {
    if (this.task) return;
    if (!more) this.chosen = [code];
    else this.chosen = this.chosen.includes(code) ? this.chosen.filter((one) => one !== code) : [...this.chosen, code];
    this.tell();
  }

  private key(event: KeyboardEvent): void {
    const typing = event.target instanceof HTMLElement && event.target.closest("input, textarea, select") !== null;
    if (event.key === "Escape" && this.task) this.cancel();
    if (typing || !(event.ctrlKey || event.metaKey)) return;
    if (event.key === "z") this.undo();
    if (event.key === "y" && !this.task) void this.take({ act: "redo" });
  }

  // -- Telling ------------------------------------------------------------------------------------------

  private tell(): void {
    const standing = this.draft.standing;
    if (!standing) return;
    this.canvas.show(standing, this.chosen);
    this.list(standing);
    this.faults(standing);
    this.fill("lines", standing.lines.map((line) => element("li", "list-group-item", line)));
    const names = standing.areas.filter(({ code }) => this.chosen.includes(code)).map(({ name }) => name);
    if (!this.task) this.say(names.length ? (this.words.chosen ?? "").replace("{names}", names.join("、")) : (this.words.choose ?? ""));
    this.offer();
  }

  private list(standing: Standing): void {
    const rows = standing.areas.map(({ code, name }) => {
      const row = element("label", "form-check", "");
      const box = document.createElement("input");
      box.type = "checkbox";
      box.className = "form-check-input";
      box.checked = this.chosen.includes(code);
      box.dataset.code = code;
      box.addEventListener("change", () => this.choose(code, true));
      row.append(box, element("span", "form-check-label", `${name} `));
      if (name !== code) row.append(element("span", "text-secondary", code)); // unit grids have no other name
      return row;
    });
    const had = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.code : undefined;
    this.fill("list", rows);
    if (had) this.frame.querySelector<HTMLElement>(`[data-code="${CSS.escape(had)}"]`)?.focus();
  }

  private faults(standing: Standing): void {
    const rows = standing.faults.map(({ sentence, place }) => {
      const row = element("button", "list-group-item list-group-item-action", sentence);
      row.setAttribute("type", "button");
      row.addEventListener("click", () => this.canvas.lead(place, sentence));
      return row;
    });
    this.fill("faults", rows.length ? rows : [element("p", "list-group-item text-secondary", this.words.sound ?? "")]);
  }

  private fill(part: string, rows: HTMLElement[]): void {
    this.frame.querySelector(`[data-${part}]`)?.replaceChildren(...rows);
  }

  private offer(): void {
    const standing = this.draft.standing;
    const busy = this.task !== "";
    const may: Record<string, boolean> = {
      reshape: !busy && this.chosen.length === 1, split: !busy && this.chosen.length === 1, merge: !busy && this.chosen.length > 1,
      draw: !busy, undo: this.task === "reshape" || (!busy && (standing?.undo ?? false)), redo: !busy && (standing?.redo ?? false),
      save: true, cancel: true,
    };
    for (const button of this.frame.querySelectorAll<HTMLButtonElement>("[data-tool]")) {
      const tool = button.dataset.tool ?? "";
      button.disabled = !may[tool];
      if (tool === "save") button.hidden = this.task !== "reshape";
      if (tool === "cancel") button.hidden = !busy;
    }
  }

  private say(words: string): void {
    const place = this.frame.querySelector("[data-says]");
    if (place) place.textContent = words;
  }

  private refuse(sentence: string): void {
    const place = this.frame.querySelector<HTMLElement>("[data-refusal]");
    if (!place) return;
    place.textContent = sentence;
    place.hidden = !sentence;
  }

  // -- What the pen snaps to ----------------------------------------------------------------------------

  private lines(): Ring[] {
    const areas = this.draft.standing?.areas ?? [];
    const others = areas.filter(({ code }) => this.task !== "reshape" || code !== this.chosen[0]);
    const parent = polygonsOf(this.draft.standing?.parent ?? null).flat();
    return [...others.flatMap(({ geometry }) => polygonsOf(geometry).flat()), ...parent, ...this.roads()];
  }

  /** The roads that are drawn where the reader looks; none without a base layer. */
  private roads(): Ring[] {
    if (!this.map.getLayer("road")) return [];
    return this.map.queryRenderedFeatures({ layers: ["road"] }).flatMap(({ geometry }) => {
      if (geometry.type === "LineString") return [geometry.coordinates];
      return geometry.type === "MultiLineString" ? geometry.coordinates : [];
    });
  }
}

function element(tag: string, className: string, text: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

for (const frame of document.querySelectorAll<HTMLElement>("[data-boundaries]")) {
  const ground = frame.querySelector<HTMLElement>("[data-map]");
  const map = ground ? mapOf(ground) : undefined;
  if (map) new Editor(frame, map);
}
