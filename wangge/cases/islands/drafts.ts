// What is typed into a step's form (<form data-keeps="case/2026-0000123/dispatch">) survives a reload, a closed window and
// a session that ended: kept on this machine for this person until it is sent, thrown away, or the person signs out.
import htmx from "htmx.org";
import * as store from "../../web/islands/lib/words";
import { fieldsOf, restore } from "./lib/typed";

const FORMS = "form[data-keeps]";
const untouched = new WeakMap<HTMLFormElement, string>(); // what stood in a form before anybody typed
let drawnAnew = ""; // the form that the server has just drawn again for a kept choice of class

function person(): string {
  return document.body.dataset.person ?? "";
}

function nameOf(form: HTMLFormElement): string {
  return store.key(person(), form.dataset.keeps ?? "");
}

/** Keep what stands in a form; a form as it was drawn is not worth keeping. */
function keep(form: HTMLFormElement): void {
  if (person() === "" || !untouched.has(form)) return;
  const fields = fieldsOf(form);
  if (JSON.stringify(fields) === untouched.get(form) && !("asTyped" in form.dataset)) store.forget(localStorage, nameOf(form));
  else store.write(localStorage, nameOf(form), fields, Date.now());
}

/** Put back what this person typed here before, and say so. A form the server drew with somebody's words stays as it is. */
function bringBack(form: HTMLFormElement): void {
  if (untouched.has(form) || person() === "") return;
  untouched.set(form, JSON.stringify(fieldsOf(form)));
  const kept = store.read(localStorage, nameOf(form), Date.now());
  const again = drawnAnew !== "" && drawnAnew === form.dataset.keeps;
  drawnAnew = "";
  if (kept === null || ("asTyped" in form.dataset && !again)) return;
  const matter = kept.fields.matter?.[0] ?? "";
  if (!again && matter !== "" && form.querySelector("[data-class-picker]") !== null && fieldsOf(form).matter?.[0] !== matter) {
    // Which conditions there are to choose from depends on the class: the server draws them, and gets no words for it.
    drawnAnew = form.dataset.keeps ?? "";
    void htmx.ajax("get", `${form.getAttribute("action")}?matter=${encodeURIComponent(matter)}`, { target: "#step" });
    return;
  }
  restore(form, kept.fields);
  say(form, kept.at);
}

function say(form: HTMLFormElement, at: number): void {
  const notice = form.querySelector<HTMLElement>("[data-restored]");
  const time = notice?.querySelector("time");
  if (!notice || !time) return;
  const moment = new Date(at);
  const two = (number: number): string => String(number).padStart(2, "0");
  const clock = `${two(moment.getHours())}:${two(moment.getMinutes())}`;
  const today = moment.toDateString() === new Date().toDateString();
  time.dateTime = moment.toISOString();
  time.textContent = today ? clock : `${two(moment.getMonth() + 1)}-${two(moment.getDate())} ${clock}`;
  notice.hidden = false;
}

function discard(button: Element): void {
  const form = button.closest<HTMLFormElement>(FORMS);
  if (form === null) return;
  store.forget(localStorage, nameOf(form));
  if (form.querySelector("[data-class-picker]") !== null) {
    void htmx.ajax("get", form.getAttribute("action") ?? "", { target: "#step" });
    return;
  }
  restore(form, JSON.parse(untouched.get(form) ?? "{}") as store.Fields);
  const notice = form.querySelector<HTMLElement>("[data-restored]");
  if (notice) notice.hidden = true;
  form.querySelector<HTMLElement>("textarea, select, input:not([type=hidden])")?.focus();
}

interface Answered {
  elt: Element;
  xhr: XMLHttpRequest;
}

/** The step was taken: the server answers with the whole matter, not with the form again. */
function sent(event: Event): void {
  const { elt, xhr } = (event as CustomEvent<Answered>).detail;
  const form = elt.closest<HTMLFormElement>(FORMS);
  if (form === null || xhr.getResponseHeader("HX-Retarget") !== "#matter") return;
  untouched.delete(form);
  store.forget(localStorage, nameOf(form));
}

function look(part: ParentNode): void {
  if (part instanceof HTMLFormElement && part.matches(FORMS)) bringBack(part);
  for (const form of part.querySelectorAll<HTMLFormElement>(FORMS)) bringBack(form);
}

function typed(event: Event): void {
  const form = (event.target as Element).closest<HTMLFormElement>(FORMS);
  if (form !== null) keep(form);
}

store.sweep(localStorage, Date.now());
document.addEventListener("input", typed);
document.addEventListener("change", typed);
document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest("[data-discard]");
  if (button !== null) discard(button);
});
document.addEventListener("htmx:beforeOnLoad", sent);
document.addEventListener("htmx:load", (event) => look(event.target as HTMLElement));
look(document);
