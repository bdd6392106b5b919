// A report or case on a page: every step has its key, its form opens in place, Ctrl+Enter sends it, Escape puts it away.
import "./matter.css";
import htmx from "htmx.org";
import { isField } from "../../web/islands/lib/dialogs";
import { pick } from "./lib/pick";

function pressed(event: KeyboardEvent): void {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return event.repeat || event.isComposing ? undefined : send(event.target);
  if (event.key === "Escape" && document.querySelector("dialog[open]") === null) return putAway();
  if (event.key === "Enter" && goToResults(event.target)) return event.preventDefault();
  if (event.ctrlKey || event.metaKey || event.altKey || isField(event.target) || document.querySelector("dialog[open]")) return;
  const wanted = event.key === "." ? "[data-take-next]" : `#matter [data-key="${CSS.escape(event.key)}"]`;
  const button = document.querySelector<HTMLElement>(wanted);
  if (button === null) return;
  event.preventDefault();
  button.click();
}

/** Send the form under the hand; with the hand nowhere in a form, the step that is open. A key held down sends once. */
function send(target: EventTarget | null): void {
  const form = target instanceof Element ? target.closest("form") : null;
  if (form === null && document.querySelector("dialog[open]") !== null) return; // nobody sends what lies behind it
  (form ?? document.querySelector<HTMLFormElement>("#matter #step form"))?.requestSubmit();
}

/** Enter in a search goes to what was found: it must not send the form with what was chosen before. */
function goToResults(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLInputElement) || target.type !== "search" || target.value === "") return false;
  const results = target.closest("[data-class-picker]")?.querySelector<HTMLElement>(".wg-classes input") ?? null;
  const select = target.nextElementSibling instanceof HTMLSelectElement ? target.nextElementSibling : null;
  (results ?? select)?.focus();
  return results !== null || select !== null;
}

/** Whether a form stands in the page of its matter; on a page of its own there is nothing below it. */
function isInMatter(): boolean {
  return document.querySelector("#matter .wg-matter-head") !== null;
}

/** Take the open form away and give the hand back to the steps. */
function putAway(): void {
  if (!isInMatter()) return;
  const step = document.querySelector<HTMLElement>("#matter #step");
  if (step === null || step.childElementCount === 0) return;
  step.replaceChildren();
  document.querySelector<HTMLElement>("#matter .wg-steps a")?.focus({ preventScroll: true });
}

function clicked(event: MouseEvent): void {
  const target = event.target as Element;
  if (target.closest("#step [data-cancels]") && isInMatter()) {
    event.preventDefault();
    putAway();
    return;
  }
  const link = target.closest<HTMLAnchorElement>("[data-desk] a[data-opens-matter]");
  if (link === null || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  void htmx.ajax("get", link.href, { target: "#matter", swap: "outerHTML" });
}

/** Look after what has just come: searchable selects, and the hand goes to the form that was asked for. */
function mount(part: HTMLElement): void {
  for (const select of part.querySelectorAll<HTMLSelectElement>("select[data-pick]")) pick(select);
  const step = part.closest<HTMLElement>("#step") ?? (part.id === "step" ? part : null);
  if (step === null) return;
  const first = step.querySelector<HTMLElement>(
    ".is-invalid, [data-class-search], input[type=radio]:checked, textarea, input:not([type=hidden]), .btn-primary",
  );
  first?.focus({ preventScroll: true });
  step.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", pressed);
document.addEventListener("click", clicked);
document.addEventListener("htmx:load", (event) => mount(event.target as HTMLElement));
for (const select of document.querySelectorAll<HTMLSelectElement>("select[data-pick]")) pick(select);
