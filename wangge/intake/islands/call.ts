// A call at the desk: choosing a place found by its address sets the point, and what is open nearby is shown.
import "./call.css";

function set(id: string, value: string): void {
  const field = document.querySelector<HTMLInputElement>(id);
  if (field === null) return;
  field.value = value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const place = (event.target as Element).closest<HTMLElement>("[data-place]");
  if (place === null) return;
  const address = document.querySelector<HTMLInputElement>("#call_address");
  if (address) address.value = place.querySelector("strong")?.textContent ?? address.value;
  set("#call_lon", place.dataset.lon ?? "");
  set("#call_lat", place.dataset.lat ?? "");
  document.dispatchEvent(
    new CustomEvent("wangge:place", { detail: { lon: Number(place.dataset.lon), lat: Number(place.dataset.lat) } }),
  );
  place.closest("ul")?.replaceChildren();
});
