// "My position": asked for only when the reader presses the button, used for this page, sent nowhere by itself.
import type { PlaceDetail } from "./picking";
import type { Words } from "./options";

/** Look after <button data-my-position> in a part of the page; the outcome is said in the element it describes. */
export function offerPosition(part: ParentNode, words: Words): void {
  for (const button of part.querySelectorAll<HTMLButtonElement>("button[data-my-position]")) {
    if (!("geolocation" in navigator)) continue;
    button.hidden = false;
    button.addEventListener("click", () => ask(button, words));
  }
}

function ask(button: HTMLButtonElement, words: Words): void {
  const say = (sentence: string): void => {
    const place = document.getElementById(button.getAttribute("aria-describedby") ?? "");
    if (place) place.textContent = sentence;
  };
  button.disabled = true;
  say(words.locating ?? "");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      button.disabled = false;
      say((words.located ?? "").replace("{metres}", String(Math.max(1, Math.round(coords.accuracy)))));
      const detail: PlaceDetail = { lon: coords.longitude, lat: coords.latitude };
      document.dispatchEvent(new CustomEvent("wangge:place", { detail }));
    },
    (error) => {
      button.disabled = false;
      say((error.code === error.PERMISSION_DENIED ? words.notAllowed : words.notFound) ?? "");
    },
    { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
  );
}
