// Places while typing: the same list of radio buttons the server draws, so that keys and screen readers work alike.

interface FoundPlace {
  label: string;
  note: string;
  lon: number;
  lat: number;
  value: string;
}

const WAIT = 250;

export function searchPlaces(form: HTMLFormElement, address: string, nothing: string): void {
  const input = form.querySelector<HTMLInputElement>("[data-place-search]");
  const list = form.querySelector<HTMLElement>("[data-places]");
  if (!input || !list) return;
  const said = document.createElement("p");
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  list.before(said);
  let timer = 0;
  let asked = 0;

  const look = async (): Promise<void> => {
    const words = input.value.trim();
    if (words.length < 2) return;
    const turn = ++asked;
    try {
      const response = await fetch(address, { method: "POST", body: asking(form, words) });
      const { places } = (await response.json()) as { places: FoundPlace[] };
      if (turn !== asked) return;
      list.replaceChildren(places.length ? drawn(places) : note(nothing));
      said.textContent = places.length ? (form.dataset.placesFound ?? "").replace("{count}", String(places.length)) : "";
    } catch {
      // No connection: the address can be written, and the button asks the server again.
    }
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void look(), WAIT);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && !event.isComposing) toFirst(list, event);
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    void look();
  });
  form.querySelector("button[name=find]")?.addEventListener("click", (event) => {
    event.preventDefault();
    void look();
  });
  list.addEventListener("keydown", (event) => {
    if (event.key === "Escape") input.focus();
  });
  list.addEventListener("change", (event) => choose(form, event.target as HTMLInputElement));
  // A place picked on the map is no longer the one from the list.
  document.addEventListener("wangge:picked", (event) => {
    const { lon, lat } = (event as CustomEvent<{ lon: number; lat: number }>).detail;
    const chosen = form.querySelector<HTMLInputElement>("input[name=found]:checked");
    if (chosen && !chosen.value.startsWith(`${lon.toFixed(6)},${lat.toFixed(6)},`)) chosen.checked = false;
    form.querySelector("input[name=found][type=hidden]")?.remove();
  });
}

/** Sent as a form, so that no address of a resident stands in a log of addresses asked for. */
function asking(form: HTMLFormElement, words: string): FormData {
  const sent = new FormData();
  sent.set("q", words);
  sent.set("csrfmiddlewaretoken", form.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? "");
  return sent;
}

/** From the field into the list with one key; inside it the arrows choose, Escape leads back. */
function toFirst(list: HTMLElement, event: KeyboardEvent): void {
  const radio = list.querySelector<HTMLInputElement>("input[type=radio]");
  if (!radio) return;
  event.preventDefault();
  radio.focus();
}

function choose(form: HTMLFormElement, radio: HTMLInputElement): void {
  const [lon, lat, ...label] = radio.value.split(",");
  if (lat === undefined) return; // none of the places: the address stays as it was written
  const address = form.querySelector<HTMLInputElement>("#id_address");
  if (address) address.value = label.join(",");
  const detail = { lon: Number(lon), lat: Number(lat) };
  document.dispatchEvent(new CustomEvent("wangge:place", { detail }));
  radio.checked = true;
}

function drawn(places: FoundPlace[]): HTMLElement {
  const list = element("ul", "rs-list");
  for (const place of places) {
    const row = element("li", "");
    const label = element("label", "form-check");
    const radio = document.createElement("input");
    Object.assign(radio, { type: "radio", name: "found", value: place.value, className: "form-check-input" });
    const words = element("span", "form-check-label", place.label);
    words.append(element("small", "rs-quiet", place.note));
    label.append(radio, words);
    row.append(label);
    list.append(row);
  }
  return list;
}

function note(words: string): HTMLElement {
  const made = element("p", "rs-note", words);
  made.setAttribute("role", "status");
  return made;
}

function element(tag: string, classes: string, words = ""): HTMLElement {
  const made = document.createElement(tag);
  made.className = classes;
  made.textContent = words;
  return made;
}
