// The map on paper: a picture of what is shown, with the words of its filters; the browser makes a PDF of the page.
import type { Map } from "../../../../territory/islands/lib/maplibre";

export function prepareForPaper(root: HTMLElement, map: Map, words: Record<string, string>): void {
  const picture = root.querySelector<HTMLImageElement>("[data-om-paper-map]");
  const said = root.querySelector<HTMLElement>("[data-om-paper-words]");
  if (picture === null || said === null) return;
  window.addEventListener("beforeprint", () => {
    map.redraw(); // a picture can be taken only in the very moment in which it is drawn
    picture.src = map.getCanvas().toDataURL("image/png");
    said.textContent = describe(root, words);
    frame(root, map);
  });
}

const TILTED = 15; // degrees from which on no bar is true for the whole picture
const PERCENT = 100;

/** What a map on paper needs beside its picture: how far, where north is, and whose it is, with its approval. */
export function frame(root: HTMLElement, map: Map): void {
  const { clientWidth, clientHeight } = map.getCanvas();
  root.querySelector<HTMLElement>("[data-om-paper]")?.style.setProperty("--om-ratio", String(clientWidth / Math.max(clientHeight, 1)));
  const bar = root.querySelector<HTMLElement>(".om-stage .maplibregl-ctrl-scale");
  const scale = root.querySelector<HTMLElement>("[data-om-scale]");
  if (scale !== null) {
    scale.hidden = bar === null || map.getPitch() > TILTED;
    scale.textContent = bar?.textContent ?? "";
    scale.style.width = `${((bar?.offsetWidth ?? 0) / Math.max(clientWidth, 1)) * PERCENT}%`;
  }
  root.querySelector<HTMLElement>("[data-om-north]")?.style.setProperty("transform", `rotate(${-map.getBearing()}deg)`);
  const source = root.querySelector<HTMLElement>("[data-om-source]");
  if (source !== null) source.textContent = root.querySelector(".om-stage .maplibregl-ctrl-attrib-inner")?.textContent ?? "";
}

/** What is shown, in the words of the form. */
export function describe(root: HTMLElement, words: Record<string, string>): string {
  const state = root.querySelector("[name=state]:checked")?.closest("label")?.textContent?.trim() ?? "";
  const chosen = [...root.querySelectorAll<HTMLSelectElement>("#om-filters select")]
    .filter((field) => field.value !== "")
    .map((field) => field.selectedOptions[0]?.textContent?.trim() ?? "");
  const chips = [...root.querySelectorAll(".om-chips .wg-chip")].map((chip) => chip.textContent?.trim() ?? "");
  const period = root.querySelector("[data-om-period]")?.textContent ?? words.always ?? "";
  const total = root.querySelector(".om-sum [role=status]")?.textContent?.replace(/\s+/g, " ").trim() ?? "";
  return [state, ...chosen, ...chips, period, total, new Date().toLocaleString()].filter(Boolean).join(" · ");
}
