// What a click on the map means for the form beside it.
import type { FeatureCollection, Position } from "geojson";

export type Choice = { kind: "block"; at: number } | { kind: "grid"; number: number };

interface Found {
  layer: string;
  properties: Record<string, unknown>;
}

/** A block lies over its grid: it is meant where both are. */
export function choiceOf(found: readonly Found[]): Choice | null {
  const block = found.find(({ layer }) => layer !== "design-grid");
  if (block) return { kind: "block", at: Number(block.properties.at) };
  return found[0] ? { kind: "grid", number: Number(found[0].properties.number) } : null;
}

/** The places of the blocks that are chosen in the form. */
export function chosenIn(frame: ParentNode): Set<number> {
  const list = frame.querySelector<HTMLSelectElement>("[name=blocks]");
  return new Set([...(list?.selectedOptions ?? [])].map(({ value }) => Number(value)));
}

/** Choose a block in the form, or let it go again. */
export function choose(frame: ParentNode, at: number): void {
  const option = frame.querySelector<HTMLOptionElement>(`[name=blocks] option[value="${at}"]`);
  if (!option) return;
  option.selected = !option.selected;
  option.scrollIntoView?.({ block: "nearest" });
}

/** Choose the grid that takes them. */
export function take(frame: ParentNode, number: number): void {
  const list = frame.querySelector<HTMLSelectElement>("[name=into]");
  if (list) list.value = String(number);
}

/** The box around everything drawn: south-west and north-east. */
export function boxOf(shapes: FeatureCollection): [[number, number], [number, number]] | null {
  const corners = shapes.features.flatMap(({ geometry }) => ("coordinates" in geometry ? cornersIn(geometry.coordinates) : []));
  if (!corners.length) return null;
  const [xs, ys] = [corners.map(([x]) => x!), corners.map(([, y]) => y!)];
  return [[Math.min(...xs), Math.min(...ys)], [Math.max(...xs), Math.max(...ys)]];
}

type Nested = Position | Position[] | Position[][] | Position[][][];

function cornersIn(nested: Nested): Position[] {
  return typeof nested[0] === "number" ? [nested as Position] : (nested as Nested[]).flatMap(cornersIn);
}
