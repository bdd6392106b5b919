// The wall renews its parts without flashing: only what changed is replaced, and old numbers say that they are old.
import "./figures.css";
import "./wall.css";

for (const wall of document.querySelectorAll<HTMLElement>("[data-wall]")) {
  setInterval(() => void renew(wall), Number(wall.dataset.seconds ?? "30") * 1000);
}

async function renew(wall: HTMLElement): Promise<void> {
  try {
    const answer = await fetch(location.href, { headers: { "X-Polling": "1" }, cache: "no-cache" });
    if (answer.redirected) return location.assign(answer.url); // signed out
    if (!answer.ok) throw new Error(String(answer.status));
    replace(wall, new DOMParser().parseFromString(await answer.text(), "text/html"));
    say(wall, "wordsLive", new Date());
  } catch {
    say(wall, "wordsOld");
  }
}

/** Put in the parts that differ from what is shown. */
export function replace(wall: HTMLElement, page: Document): void {
  for (const part of wall.querySelectorAll<HTMLElement>("[data-wall-part]")) {
    const fresh = page.querySelector(`[data-wall-part="${part.dataset.wallPart}"]`);
    if (fresh && fresh.innerHTML !== part.innerHTML) part.replaceChildren(...fresh.childNodes);
  }
  document.dispatchEvent(new CustomEvent("wangge:points"));
}

function say(wall: HTMLElement, words: "wordsLive" | "wordsOld", now?: Date): void {
  const state = wall.querySelector<HTMLElement>("[data-wall-state]");
  if (!state) return;
  if (now) state.dataset.time = now.toTimeString().slice(0, 5);
  if (!state.dataset.time) return; // never heard of the server since the page was opened
  state.textContent = (state.dataset[words] ?? "").replace("{time}", state.dataset.time);
  state.classList.toggle("wall-old", words === "wordsOld");
}
