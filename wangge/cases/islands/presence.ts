// Every few seconds an open page asks who else is here and whether somebody moved the matter meanwhile. It says when it is left.
import "./presence.css";
import htmx from "htmx.org";
import { fieldsOf, restore, words } from "./lib/typed";

const EVERY = 8_000; // milliseconds; half a minute of silence counts as gone

interface Answer {
  looking?: string;
  moved?: { lines: string[]; stage: string } | null;
  gone?: string;
  rows?: Record<string, string[]>;
}

let tag = "";
let asked = ""; // the question that the tag answers
let here = ""; // the matter that others see us at
let rows: Record<string, string[]> = {};
let timer = 0;

function address(): string {
  return document.querySelector<HTMLElement>("[data-presence]")?.dataset.presence ?? "";
}

function matter(): HTMLElement | null {
  return document.querySelector<HTMLElement>("#matter[data-matter]");
}

/** What this page wants to know. */
function question(): string {
  const query = new URLSearchParams();
  const open = matter();
  if (open) {
    query.set("matter", open.dataset.matter ?? "");
    query.set("seen", open.dataset.seq ?? "");
  }
  if (document.querySelector("[data-row]")) query.set("rows", "1");
  return query.toString();
}

async function ask(): Promise<void> {
  window.clearTimeout(timer);
  timer = window.setTimeout(() => void ask(), EVERY);
  const wanted = question();
  if (document.hidden || wanted === "") return;
  const open = matter()?.dataset.matter ?? "";
  if (here !== "" && here !== open) leave(here);
  here = open;
  const headers: Record<string, string> = { "X-Polling": "1" }; // looking on is no work: the idle sign-out goes on counting
  if (wanted === asked && tag !== "") headers["If-None-Match"] = tag;
  let response: Response;
  try {
    response = await fetch(`${address()}?${wanted}`, { headers, redirect: "manual" });
  } catch {
    return; // no network: the next one may succeed
  }
  if (response.status === 401) return signedOut();
  if (!response.ok) return;
  tag = response.headers.get("ETag") ?? "";
  asked = wanted;
  const answer = (await response.json()) as Answer;
  if (wanted === question()) draw(answer);
}

function signedOut(): void {
  window.clearTimeout(timer);
  for (const notice of document.querySelectorAll<HTMLElement>("[data-signed-out]")) notice.hidden = false;
  put("[data-here]", "");
}

function draw(answer: Answer): void {
  put("[data-here]", answer.looking ?? "");
  put("[data-gone]", answer.gone ?? "");
  drawNews(answer.moved ?? null);
  rows = answer.rows ?? {};
  drawDots();
}

function put(selector: string, text: string): void {
  const place = matter()?.querySelector<HTMLElement>(selector);
  if (!place || place.textContent === text) return;
  place.textContent = text;
  place.hidden = text === "";
}

function drawNews(moved: { lines: string[]; stage: string } | null): void {
  const box = matter()?.querySelector<HTMLElement>("[data-moved]");
  if (!box || moved === null) return;
  box.querySelector("[data-moved-lines]")?.replaceChildren(
    ...moved.lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })),
  );
  const stage = box.querySelector<HTMLElement>("[data-moved-stage]");
  if (stage) stage.textContent = moved.stage;
  box.querySelector<HTMLElement>("[data-moved-stage-line]")!.hidden = moved.stage === "";
  box.hidden = false;
}

/** A dot with the names behind it in each line of a list that a colleague has open. */
function drawDots(): void {
  for (const row of document.querySelectorAll<HTMLElement>("[data-row]")) {
    const names = (rows[row.dataset.row ?? ""] ?? []).join("、");
    let dot = row.querySelector<HTMLElement>(".wg-dot");
    if (names === "") {
      dot?.remove();
      continue;
    }
    if (dot === null) {
      dot = document.createElement("span");
      dot.className = "wg-dot";
      row.querySelector(".wg-row-class")?.append(dot);
    }
    if (dot.textContent !== names) dot.textContent = dot.title = names;
  }
}

function leave(what: string): void {
  const form = new FormData();
  form.set("matter", what);
  form.set("csrfmiddlewaretoken", token());
  navigator.sendBeacon(address(), form);
  here = "";
}

function token(): string {
  try {
    return (JSON.parse(document.body.getAttribute("hx-headers") ?? "{}") as Record<string, string>)["X-CSRFToken"] ?? "";
  } catch {
    return "";
  }
}

/** Show the matter as it is now; a form that was open is opened again with what was typed in it. */
async function showAnew(): Promise<void> {
  const open = matter();
  const form = open?.querySelector<HTMLFormElement>("form[data-step-form]") ?? null;
  const comment = open?.querySelector<HTMLTextAreaElement>("#comment")?.value ?? "";
  const step = form?.getAttribute("action") ?? "";
  const typed = form ? fieldsOf(form) : {};
  const texts = form ? words(form) : [];
  const [kind, number] = (open?.dataset.matter ?? "/").split("/");
  await htmx.ajax("get", `/${kind}s/${number}/`, { target: "#matter", swap: "outerHTML" });
  const box = document.querySelector<HTMLTextAreaElement>("#matter #comment");
  if (box && comment !== "") box.value = comment;
  if (form === null) return;
  const chosen = typed.matter?.[0] ? `?matter=${encodeURIComponent(typed.matter[0])}` : "";
  await htmx.ajax("get", step + chosen, { target: "#step" });
  const again = document.querySelector<HTMLFormElement>("#step form[data-step-form]");
  if (again) restore(again, typed);
  else keepInSight(texts);
}

/** The step can no longer be taken: the words can still be read and copied. */
function keepInSight(texts: string[]): void {
  const place = document.querySelector("#step section");
  for (const text of texts) {
    const area = Object.assign(document.createElement("textarea"), { value: text, readOnly: true, rows: 3, className: "form-control mt-2" });
    area.setAttribute("aria-label", document.querySelector("#step h2")?.textContent ?? "");
    place?.append(area);
  }
}

if (address() !== "") {
  document.addEventListener("click", (event) => {
    if ((event.target as Element).closest("[data-show-anew]")) void showAnew();
  });
  document.addEventListener("htmx:afterSettle", () => {
    drawDots();
    if ((matter()?.dataset.matter ?? "") !== here) void ask();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) void ask();
    else if (here !== "") leave(here);
  });
  window.addEventListener("pagehide", () => {
    if (here !== "") leave(here);
  });
  void ask();
}
