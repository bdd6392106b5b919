// The desk: lines are walked with j and k, opened beside the list on a wide screen, and the list renews itself.
import "./desk.css";
import htmx from "htmx.org";
import { isField } from "../../web/islands/lib/dialogs";
import { conditional } from "./lib/conditional";

const WIDE = "(min-width: 75rem)"; // as in desk.css: three panes
const desk = document.querySelector<HTMLElement>("[data-desk]");

function rows(): HTMLAnchorElement[] {
  return [...document.querySelectorAll<HTMLAnchorElement>("[data-row]")];
}

function wide(): boolean {
  return matchMedia(WIDE).matches;
}

function opened(): string {
  return new URL(location.href).searchParams.get("open") ?? "";
}

/** Show a line's matter beside the list; on a narrow screen it is a page of its own. */
function open(row: HTMLAnchorElement): void {
  if (!wide()) {
    location.assign(row.href);
    return;
  }
  const here = new URL(location.href);
  here.searchParams.set("open", row.dataset.row ?? "");
  history.replaceState(history.state, "", here);
  mark();
  void htmx.ajax("get", row.href, { target: "#matter", swap: "outerHTML" });
}

function mark(): void {
  for (const row of rows()) {
    if (row.dataset.row === opened()) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
}

/** Go to the next or previous line, from the focused one or the opened one. */
function step(by: number): void {
  const all = rows();
  const at = all.findIndex((row) => row === document.activeElement || row.matches(":focus"));
  const from = at >= 0 ? at : all.findIndex((row) => row.dataset.row === opened());
  const next = all[Math.min(Math.max(from + by, 0), all.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function pressed(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || isField(event.target) || document.querySelector("dialog[open]")) return;
  const acts: Record<string, () => void> = {
    j: () => step(1),
    k: () => step(-1),
    "/": () => document.querySelector<HTMLInputElement>("[data-desk-search]")?.select(),
    w: () => document.querySelector<HTMLAnchorElement>("[data-new-report]")?.click(),
  };
  const act = acts[event.key];
  if (act === undefined) return;
  event.preventDefault();
  act();
}

/** Take the next matter and show it beside the list; on a narrow screen its page opens. */
function takesNext(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  if (!form.matches("[data-takes-next]") || !wide()) return;
  event.preventDefault();
  void htmx.ajax("post", form.action, { target: "#matter", swap: "outerHTML" }).then(() => {
    const here = new URL(location.href);
    here.searchParams.set("open", document.querySelector<HTMLElement>("#matter")?.dataset.matter ?? "");
    history.replaceState(history.state, "", here);
    mark();
  });
}

function clicked(event: MouseEvent): void {
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || !wide()) return;
  const row = (event.target as Element).closest<HTMLAnchorElement>("[data-row]");
  if (row === null) return;
  event.preventDefault();
  open(row);
}

/** On a narrow screen the queues lie in one line that is wider than it: the open one is brought into sight. */
function showQueue(): void {
  const queues = document.querySelector<HTMLElement>(".wg-queues");
  const here = queues?.querySelector<HTMLElement>("[aria-current]");
  if (!queues || !here) return;
  const [around, own] = [queues.getBoundingClientRect(), here.getBoundingClientRect()];
  queues.scrollLeft += own.left - around.left - (around.width - own.width) / 2;
}

/** A renewed list looks as before: the same line opened, the same line under the hand unless it is elsewhere by now, at the same place. */
function renewed(): void {
  const focused = (document.activeElement as HTMLElement | null)?.dataset.row;
  const list = document.querySelector(".wg-list");
  const top = list?.scrollTop ?? 0;
  const left = document.querySelector(".wg-queues")?.scrollLeft ?? 0;
  document.addEventListener(
    "htmx:afterSettle",
    () => {
      mark();
      if (focused && document.activeElement === document.body) rows().find((row) => row.dataset.row === focused)?.focus({ preventScroll: true });
      const now = document.querySelector(".wg-list");
      if (now) now.scrollTop = top;
      const queues = document.querySelector(".wg-queues");
      if (queues) queues.scrollLeft = left;
    },
    { once: true },
  );
}

if (desk !== null) {
  document.addEventListener("keydown", pressed);
  document.addEventListener("submit", takesNext);
  desk.addEventListener("click", clicked);
  conditional(document, "deskLive", renewed);
  for (const select of desk.querySelectorAll<HTMLSelectElement>("[data-desk-filters] select")) {
    select.addEventListener("change", () => select.form?.requestSubmit());
  }
  mark();
  showQueue();
  const row = rows().find((one) => one.dataset.row === opened());
  if (wide() && opened()) void htmx.ajax("get", row?.href ?? `/${opened().replace("/", "s/")}/`, { target: "#matter", swap: "outerHTML" });
  else if (wide()) rows()[0]?.focus({ preventScroll: true });
}
