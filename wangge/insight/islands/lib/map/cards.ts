// What lies at a place of the map: its card comes from the server, so that nobody reads more than they may.
import type { FilterSpecification, Map, MapGeoJSONFeature } from "../../../../territory/islands/lib/maplibre";
import { NO_FLOOR } from "./style";

type Point = { x: number; y: number };
type Place = { lng: number; lat: number };

const REACH = 6; // pixels around a click in which small things are found
const SMALL = ["case", "cases", "facility", "facilities"];
const LARGE = ["solid-floor", "solid", "building"];
const CLOSER = 2; // zooms that a click on a circle goes nearer

export class Cards {
  private readonly card: HTMLElement;
  private readonly body: HTMLElement;
  private floor: FilterSpecification = NO_FLOOR;
  private before: Element | null = null;

  constructor(
    private readonly root: HTMLElement,
    private readonly map: Map,
  ) {
    this.card = root.querySelector<HTMLElement>("[data-om-card]") as HTMLElement;
    this.body = root.querySelector<HTMLElement>("[data-om-card-body]") as HTMLElement;
    root.querySelector("[data-om-close]")?.addEventListener("click", () => this.close());
    this.card.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
    this.body.addEventListener("click", (event) => this.pickFloor(event));
    root.addEventListener("om:case", (event) => {
      void this.open(this.address("caseCard", (event as CustomEvent<string>).detail));
    });
  }

  /** Open the card of what lies at a place; the smallest thing first, the area around it last. */
  look(at: Point, place: Place): void {
    const box: [[number, number], [number, number]] = [[at.x - REACH, at.y - REACH], [at.x + REACH, at.y + REACH]];
    const small = this.found(box, SMALL);
    const found = small ?? this.found([at.x, at.y], LARGE);
    if (found) this.openOf(found, place);
    else this.openArea(at);
  }

  private found(where: [number, number] | [[number, number], [number, number]], layers: string[]): MapGeoJSONFeature | undefined {
    const drawn = layers.filter((layer) => this.map.getLayer(layer) !== undefined);
    return this.map.queryRenderedFeatures(where as never, { layers: drawn })[0];
  }

  private openOf(found: MapGeoJSONFeature, place: Place): void {
    const said = found.properties as Record<string, string | number>;
    const kind = found.layer.id;
    if (kind === "cases" || kind === "facilities") {
      this.map.easeTo({ center: place, zoom: this.map.getZoom() + CLOSER });
    } else if (kind === "case") void this.open(this.address("caseCard", said.number ?? ""));
    else if (kind === "facility") void this.open(this.address("facilityCard", found.id ?? ""));
    else if (kind === "solid-floor") this.openBuilding(Number(said.building), Number(said.floor));
    else this.openBuilding(Number(found.id), 0);
  }

  private openBuilding(building: number, floor: number): void {
    this.show(building, floor);
    const address = this.address("buildingCard", building);
    void this.open(floor ? `${address}?floor=${floor}` : address);
  }

  private openArea(at: Point): void {
    // Boundaries are lines: which area a place lies in is asked of the tiles themselves.
    const place = this.map.unproject([at.x, at.y]);
    const areas = this.map.querySourceFeatures("area", { sourceLayer: "area" });
    const around = areas.find((area) => holds(area.geometry, [place.lng, place.lat]));
    if (around?.id === undefined) return this.close();
    void this.open(`${this.root.dataset.areaCard ?? ""}?area=${around.id}`);
  }

  private address(name: string, key: string | number): string {
    const template = this.root.dataset[name] ?? "";
    return template.replace(/\/(0|_)\//, `/${encodeURIComponent(key)}/`);
  }

  private async open(address: string): Promise<void> {
    const answer = await fetch(address);
    if (!answer.ok || answer.redirected) return this.close();
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (this.card.hidden) this.before = document.activeElement;
    this.body.replaceChildren(...page.body.childNodes);
    this.card.hidden = false;
    this.card.focus({ preventScroll: true });
  }

  private close(): void {
    if (this.card.hidden) return;
    this.card.hidden = true;
    this.show(0, 0);
    if (this.before instanceof HTMLElement) this.before.focus({ preventScroll: true });
  }

  private pickFloor(event: Event): void {
    const button = (event.target as Element).closest<HTMLElement>("[data-floor]");
    if (button) this.openBuilding(Number(button.dataset.building), Number(button.dataset.floor));
  }

  /** Light one floor of one building; 0 for none. */
  private show(building: number, floor: number): void {
    this.floor = floor
      ? ["all", ["==", ["get", "building"], building], ["==", ["get", "floor"], floor]]
      : NO_FLOOR;
    this.redraw();
  }

  redraw(): void {
    if (this.map.getLayer("solid-chosen")) this.map.setFilter("solid-chosen", this.floor);
  }
}

/** Whether a polygon holds a place: how often a line to the east crosses its rings. */
export function holds(geometry: GeoJSON.Geometry, place: readonly [number, number]): boolean {
  if (geometry.type === "MultiPolygon") {
    return geometry.coordinates.some((coordinates) => holds({ type: "Polygon", coordinates }, place));
  }
  if (geometry.type !== "Polygon") return false;
  const [lon, lat] = place;
  let inside = false;
  for (const ring of geometry.coordinates) {
    ring.forEach((corner, index) => {
      const [x, y] = corner as [number, number];
      const [px, py] = ring[(index + ring.length - 1) % ring.length] as [number, number];
      if (y > lat !== py > lat && lon < ((px - x) * (lat - y)) / (py - y) + x) inside = !inside;
    });
  }
  return inside;
}
