// The residents' other pages: their look, sending once, forgetting a draft that arrived, and what was solved nearby.
import "./resident.css";
import { clear } from "./lib/draft";
import { sendPosition } from "./lib/here";
import { sendOnce } from "./lib/once";

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-send-once]")) sendOnce(form);

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-position-form]")) sendPosition(form);

const received = document.querySelector<HTMLElement>("[data-draft-clear]");
if (received) clear(received.dataset.draftClear ?? "");

const nearby = document.querySelector<HTMLElement>("[data-nearby]");
document.addEventListener("wangge:place", (event) => {
  if (!nearby) return;
  const { lon, lat } = (event as CustomEvent<{ lon: number; lat: number }>).detail;
  // A kilometre is near enough; the exact place stays on the device.
  void show(nearby, `${nearby.dataset.nearby}?lon=${lon.toFixed(2)}&lat=${lat.toFixed(2)}`);
});

async function show(place: HTMLElement, address: string): Promise<void> {
  try {
    const response = await fetch(address);
    if (response.ok) place.innerHTML = await response.text();
  } catch {
    // No connection: what is there stays.
  }
}
