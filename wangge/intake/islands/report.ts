// Reporting with scripts: steps, suggestions while typing, drafts that survive. The form is whole without them.
import "./resident.css";
import { Classes } from "./lib/classes";
import * as draft from "./lib/draft";
import { sendOnce } from "./lib/once";
import { searchPlaces } from "./lib/places";
import { followConditions } from "./lib/questions";
import { Steps } from "./lib/steps";

const NAME = "report";

function mount(form: HTMLFormElement): void {
  const words = form.dataset;
  const said = form.querySelector<HTMLElement>("[data-said]")!;
  const classes = new Classes(form, words.classesUrl ?? "", words.questionsUrl ?? "");
  searchPlaces(form, words.placesUrl ?? "", words.nothingFound ?? "");
  if (words.new === "yes") putBack(form, said, classes);
  keep(form);
  holdBackOffline(form, said);
  sendOnce(form);
  followConditions(form);
  // What was asked for is there now: the reproach goes.
  const settled = (): void => {
    const reproached = said.textContent === words.needPlace || said.textContent === words.needBoth;
    if (reproached && hasPlace(form)) said.textContent = "";
  };
  for (const happened of ["input", "change"]) form.addEventListener(happened, settled);
  document.addEventListener("wangge:picked", () => setTimeout(settled));
  new Steps(form, { next: words.next ?? "", back: words.back ?? "" }, words.begin ?? "", (step) => {
    const ready = step !== "where" || hasPlace(form);
    said.textContent = ready ? "" : ((hasHalfAPoint(form) ? words.needBoth : words.needPlace) ?? "");
    if (!ready) said.scrollIntoView({ block: "center" });
    return ready;
  });
}

/** A photo may carry its place, so it is enough to go on. */
export function hasPlace(form: HTMLFormElement): boolean {
  const data = new FormData(form);
  const has = (name: string): boolean => String(data.get(name) ?? "").trim() !== "";
  const photos = data.getAll("photos").some((photo) => photo instanceof File && photo.size > 0);
  return (has("lon") && has("lat")) || has("address") || has("found") || photos;
}

/** Somebody typed one number of the two, which says less than nothing about what is missing. */
export function hasHalfAPoint(form: HTMLFormElement): boolean {
  const typed = (name: string): boolean => String(new FormData(form).get(name) ?? "").trim() !== "";
  return typed("lon") !== typed("lat");
}

function putBack(form: HTMLFormElement, said: HTMLElement, classes: Classes): void {
  const kept = draft.read(NAME, Date.now());
  if (!kept || !draft.isWorthKeeping(kept.fields)) return;
  draft.restore(form, kept.fields);
  classes.refresh();
  form.querySelector("#id_lon")?.dispatchEvent(new Event("change"));
  const anew = document.createElement("button");
  Object.assign(anew, { type: "button", className: "btn btn-sm", textContent: form.dataset.startAnew ?? "" });
  anew.addEventListener("click", () => {
    draft.clear(NAME);
    location.assign(form.action);
  });
  const note = document.createElement("span");
  note.textContent = form.dataset.restored ?? "";
  said.replaceChildren(note, anew);
}

function keep(form: HTMLFormElement): void {
  let timer = 0;
  const save = (): void => draft.write(NAME, draft.fieldsOf(form), Date.now());
  const soon = (): void => {
    clearTimeout(timer);
    timer = window.setTimeout(save, 300);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  form.addEventListener("submit", save, { capture: true });
  addEventListener("pagehide", save);
}

function holdBackOffline(form: HTMLFormElement, said: HTMLElement): void {
  form.addEventListener("submit", (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    said.textContent = form.dataset.offline ?? "";
    said.scrollIntoView({ block: "center" });
  });
  addEventListener("online", () => (said.textContent = ""));
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-report]")) mount(form);
