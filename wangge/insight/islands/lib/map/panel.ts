// Filters, layers, time and list beside the map. Every change is a step of the address: it can be shared and gone back.
import { daysBetween, LAYERS, type Layer, lengthOf, periodOf, readBoundaries, readFilters, readLayers, writeQuery } from "./address";

interface Place {
  lon: number;
  lat: number;
  zoom: number;
}

const SETTLED = 250; // milliseconds after the last move of the slider

export class Panel {
  private readonly form: HTMLFormElement;
  private readonly list: HTMLElement;
  private asked: AbortController | null = null;
  private timer = 0;

  constructor(
    private readonly root: HTMLElement,
    private readonly take: (query: string) => void,
    private readonly go: (place: Place) => void,
  ) {
    this.form = root.querySelector<HTMLFormElement>("#om-filters") as HTMLFormElement;
    this.list = root.querySelector<HTMLElement>("[data-om-list]") as HTMLElement;
    this.form.addEventListener("change", () => this.step(this.query()));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.step(this.query());
    });
    root.querySelector(".om-layers")?.addEventListener("change", () => this.step(this.query()));
    root.querySelector(".om-search")?.addEventListener("submit", (event) => event.preventDefault());
    root.addEventListener("click", (event) => this.followLink(event));
    window.addEventListener("popstate", () => this.show(location.search));
    document.addEventListener("keydown", (event) => this.focusSearch(event));
    this.watchTime();
    this.fillIn(location.search);
  }

  /** The query that the form and the switches say. */
  private query(): string {
    const filters: Record<string, string> = {};
    for (const [name, value] of new FormData(this.form)) if (value !== "") filters[name] = String(value);
    const layers = new Set<Layer>(LAYERS.filter((layer) => this.box(layer)?.checked));
    return writeQuery(readFilters(new URLSearchParams(filters).toString()), layers, this.boundaries()?.value ?? "auto");
  }

  private box(layer: string): HTMLInputElement | null {
    return this.root.querySelector<HTMLInputElement>(`[data-layer="${layer}"]`);
  }

  private boundaries(): HTMLSelectElement | null {
    return this.root.querySelector<HTMLSelectElement>("[data-boundaries]");
  }

  /** Go on to another address. */
  private step(query: string): void {
    if (query === location.search) return;
    history.pushState(null, "", `${location.pathname}${query}${location.hash}`);
    this.show(query);
  }

  replaceHash(hash: string): void {
    history.replaceState(history.state, "", `${location.pathname}${location.search}${hash}`);
    for (const link of document.querySelectorAll<HTMLAnchorElement>("[data-keeps-view]")) link.hash = hash;
  }

  private show(query: string): void {
    this.fillIn(query);
    this.take(query);
    void this.renewList(query);
  }

  private fillIn(query: string): void {
    const filters = readFilters(query);
    for (const field of this.form.querySelectorAll<HTMLInputElement | HTMLSelectElement>("[name]")) {
      const value = filters[field.name] ?? "";
      if (field instanceof HTMLInputElement && field.type === "radio") field.checked = field.value === (value || "open");
      else field.value = value;
    }
    const layers = readLayers(query);
    for (const layer of LAYERS) {
      const box = this.box(layer);
      if (box) box.checked = layers.has(layer);
    }
    const boundaries = this.boundaries();
    if (boundaries) boundaries.value = readBoundaries(query);
    this.showTime(filters.since ?? "", filters.until ?? "");
  }

  private async renewList(query: string): Promise<void> {
    this.asked?.abort();
    this.asked = new AbortController();
    this.list.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(`${this.root.dataset.list ?? ""}${query}`, { signal: this.asked.signal });
      if (answer.redirected) return location.assign(answer.url); // signed out
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      this.list.replaceChildren(...page.body.childNodes);
    } catch (error) {
      if ((error as Error).name === "AbortError") return;
      this.list.textContent = document.body.dataset.noNetwork ?? "";
    }
    this.list.removeAttribute("aria-busy");
  }

  /** Links of the page go to the same page: it need not be loaded anew. */
  private followLink(event: MouseEvent): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-om-go], a[data-om-case]");
    if (link === null) return;
    event.preventDefault();
    const place = { lon: Number(link.dataset.lon), lat: Number(link.dataset.lat), zoom: Number(link.dataset.zoom ?? 17) };
    if (link.dataset.lon) this.go(place);
    if (link.dataset.omCase) {
      this.root.dispatchEvent(new CustomEvent("om:case", { detail: link.dataset.omCase }));
      return;
    }
    const layers = readLayers(location.search);
    this.step(writeQuery(readFilters(link.search), layers, readBoundaries(location.search)));
  }

  private focusSearch(event: KeyboardEvent): void {
    const typing = (event.target as Element).closest("input:not([type=radio], [type=checkbox]), select, textarea, dialog");
    if (event.key !== "/" || event.ctrlKey || event.metaKey || typing !== null) return;
    event.preventDefault();
    this.root.querySelector<HTMLInputElement>("#om-q")?.focus();
  }

  // -- Time -----------------------------------------------------------------------------------------------

  private get time(): HTMLElement | null {
    return this.root.querySelector<HTMLElement>("[data-om-time]");
  }

  private watchTime(): void {
    const time = this.time;
    if (time === null) return;
    time.hidden = false;
    time.addEventListener("submit", (event) => event.preventDefault());
    time.addEventListener("input", () => {
      const { since, until } = this.chosenTime();
      this.sayTime(since, until);
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => {
        (this.form.elements.namedItem("since") as HTMLInputElement).value = since;
        (this.form.elements.namedItem("until") as HTMLInputElement).value = until;
        this.step(this.query());
      }, SETTLED);
    });
  }

  private chosenTime(): { since: string; until: string } {
    const [length, day] = this.timeFields();
    const days = Number(length?.value);
    if (!days || !day) return { since: "", until: "" };
    return periodOf(this.time?.dataset.today ?? "", Number(day.max) - Number(day.value), days);
  }

  private timeFields(): [HTMLSelectElement | null, HTMLInputElement | null] {
    return [this.root.querySelector("[data-om-window]"), this.root.querySelector("[data-om-day]")];
  }

  private showTime(since: string, until: string): void {
    const [length, day] = this.timeFields();
    if (length === null || day === null) return;
    const today = this.time?.dataset.today ?? "";
    length.value = lengthOf(since, until, [...length.options].map((option) => option.value));
    if (until) day.value = String(Number(day.max) - daysBetween(until, today));
    this.sayTime(since, until);
  }

  private sayTime(since: string, until: string): void {
    const words = JSON.parse(this.root.dataset.words ?? "{}") as Record<string, string>;
    const said = this.root.querySelector<HTMLElement>("[data-om-period]");
    const [length, day] = this.timeFields();
    if (day) day.disabled = !Number(length?.value); // there is no length that it could move
    if (said === null) return;
    const period = (words.period ?? "").replace("{since}", since || "…").replace("{until}", until || "…");
    said.textContent = since || until ? period : (words.always ?? "");
    day?.setAttribute("aria-valuetext", said.textContent);
  }
}
