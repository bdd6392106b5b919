// How far each task is, worked out on the telephone itself: where the worker is goes nowhere.

const EARTH = 6_371_000; // metres

/** Metres between two WGS84 points (degrees), along the globe. */
export function metresBetween(lon: number, lat: number, otherLon: number, otherLat: number): number {
  const rad = Math.PI / 180;
  const half = Math.sin(((otherLat - lat) * rad) / 2) ** 2
    + Math.cos(lat * rad) * Math.cos(otherLat * rad) * Math.sin(((otherLon - lon) * rad) / 2) ** 2;
  return 2 * EARTH * Math.asin(Math.sqrt(half));
}

/** A distance as one says it: here, 80 m, 1.2 km. */
export function spoken(metres: number, words: DOMStringMap): string {
  if (metres < 20) return words.here ?? "";
  if (metres < 950) return (words.metres ?? "").replace("{number}", String(Math.round(metres / 10) * 10));
  return (words.kilometres ?? "").replace("{number}", (metres / 1000).toFixed(metres < 9950 ? 1 : 0));
}

export function mount(page: Document): void {
  const button = page.querySelector<HTMLButtonElement>("button[data-measure]");
  const places = page.querySelectorAll<HTMLElement>("[data-distance]");
  if (!button || places.length === 0 || !("geolocation" in navigator)) return;
  button.hidden = false;
  button.addEventListener("click", () => measure(page, button, places));
  void navigator.permissions?.query({ name: "geolocation" }).then((answer) => {
    if (answer.state === "granted") measure(page, button, places);
  });
}

function measure(page: Document, button: HTMLButtonElement, places: Iterable<HTMLElement>): void {
  button.disabled = true;
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      button.hidden = true;
      for (const place of places) show(place, metresTo(place, coords), button.dataset);
      for (const list of page.querySelectorAll("[data-nearest]")) nearestFirst(list);
    },
    () => {
      button.disabled = false;
      const said = page.querySelector<HTMLElement>("[data-measured]");
      if (!said) return;
      said.textContent = button.dataset.nowhere ?? "";
      said.hidden = false;
    },
    { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 },
  );
}

function metresTo(place: HTMLElement, from: GeolocationCoordinates): number {
  return metresBetween(from.longitude, from.latitude, Number(place.dataset.lon), Number(place.dataset.lat));
}

function show(place: HTMLElement, metres: number, words: DOMStringMap): void {
  place.dataset.away = String(metres);
  place.textContent = spoken(metres, words);
  place.hidden = false;
}

/** The order of the list follows the way one would walk; what has no place comes last. */
export function nearestFirst(list: Element): void {
  const away = (row: Element): number => Number(row.querySelector<HTMLElement>("[data-away]")?.dataset.away ?? Infinity);
  list.append(...[...list.children].sort((a, b) => away(a) - away(b)));
}
