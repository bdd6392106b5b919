// Choosing one place on the map: a click, a drag of the pin, Enter on the middle, or a place another island found.
// The form's own fields are the truth; the pin follows them.
import { type Map, Marker } from "./maplibre";
import { type Options, pointFrom } from "./options";

/** Other islands send a place to the map (`wangge:place`) and hear what was picked (`wangge:picked`). */
export interface PlaceDetail {
  lon: number;
  lat: number;
}

export class Picking {
  private readonly pin: Marker;
  private readonly lon: HTMLInputElement | null;
  private readonly lat: HTMLInputElement | null;
  private readonly crs: HTMLSelectElement | null;

  constructor(
    private readonly map: Map,
    private readonly frame: HTMLElement,
    private readonly options: Options,
    colour: string,
  ) {
    this.lon = find(options.targets.lon);
    this.lat = find(options.targets.lat);
    this.crs = find(options.targets.crs);
    this.pin = new Marker({ color: colour, draggable: true });
    this.pin.on("dragend", () => this.take(this.pin.getLngLat()));
    map.on("click", (event) => this.take(event.lngLat));
    this.takeMiddleWithEnter();
    for (const field of [this.lon, this.lat, this.crs]) field?.addEventListener("change", () => this.follow());
    document.addEventListener("wangge:place", (event) => {
      const { lon, lat } = (event as CustomEvent<PlaceDetail>).detail;
      this.take({ lng: lon, lat });
      this.map.easeTo({ center: [lon, lat], zoom: Math.max(this.map.getZoom(), options.zoom) });
    });
    this.follow();
  }

  private takeMiddleWithEnter(): void {
    const canvas = this.map.getCanvas();
    const cross = document.createElement("div");
    cross.className = "map-cross";
    cross.setAttribute("aria-hidden", "true");
    this.frame.append(cross);
    canvas.setAttribute("aria-label", this.options.words.pick ?? "");
    canvas.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      this.take(this.map.getCenter());
    });
  }

  private take(place: { lng: number; lat: number }): void {
    if (this.crs) this.crs.value = "wgs84"; // what the map and the device give
    if (this.lon) this.lon.value = place.lng.toFixed(6);
    if (this.lat) this.lat.value = place.lat.toFixed(6);
    this.pin.setLngLat([place.lng, place.lat]).addTo(this.map);
    const detail: PlaceDetail = { lon: place.lng, lat: place.lat };
    document.dispatchEvent(new CustomEvent("wangge:picked", { detail }));
    this.lon?.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** Coordinates of another system are not moved about here: the server converts them. */
  private follow(): void {
    const point = pointFrom(this.lon?.value ?? "", this.lat?.value ?? "");
    if (!point || (this.crs && this.crs.value !== "wgs84" && this.crs.value !== "cgcs2000")) {
      this.pin.remove();
      return;
    }
    this.pin.setLngLat(point).addTo(this.map);
    this.map.jumpTo({ center: point, zoom: Math.max(this.map.getZoom(), 15) });
  }
}

function find<T extends Element>(selector: string): T | null {
  return selector ? document.querySelector<T>(selector) : null;
}
