// Where and when something was seen: filled into the form when the owner of the telephone lets it.

export function mount(page: Document): void {
  const place = page.querySelector<HTMLElement>("[data-position]");
  if (!place || !("geolocation" in navigator)) return;
  place.hidden = false;
  place.querySelector("[data-position-ask]")?.addEventListener("click", () => note(place));
  void navigator.permissions?.query({ name: "geolocation" }).then((answer) => {
    if (answer.state === "granted") note(place);
  });
}

function note(place: HTMLElement): void {
  const { locating = "", located = "", notAllowed = "", notFound = "" } = place.dataset;
  say(place, locating);
  navigator.geolocation.getCurrentPosition(
    ({ coords, timestamp }) => {
      fill(place, "lon", coords.longitude.toFixed(6));
      fill(place, "lat", coords.latitude.toFixed(6));
      fill(place, "metres", coords.accuracy.toFixed(1));
      fill(place, "device_at", new Date(timestamp).toISOString());
      say(place, located.replace("{metres}", String(Math.max(1, Math.round(coords.accuracy)))));
      place.querySelector<HTMLElement>("[data-position-ask]")?.setAttribute("hidden", "");
    },
    (error) => say(place, error.code === error.PERMISSION_DENIED ? notAllowed : notFound),
    { enableHighAccuracy: true, timeout: 15_000, maximumAge: 30_000 },
  );
}

function fill(place: HTMLElement, name: string, value: string): void {
  const field = place.querySelector<HTMLInputElement>(`input[name="${place.dataset.prefix ?? ""}${name}"]`);
  if (field) field.value = value;
}

function say(place: HTMLElement, sentence: string): void {
  const said = place.querySelector("[data-position-said]");
  if (said) said.textContent = sentence;
}
