// Words typed into <form data-draft="name"> are kept on this telephone until they are sent, for three days at most.

const PREFIX = "wangge.draft.";
const KEPT = 3 * 24 * 3600 * 1000; // milliseconds

interface Draft {
  at: number;
  words: Record<string, string>;
}

export function read(store: Storage, name: string): Draft | null {
  try {
    const draft = JSON.parse(store.getItem(PREFIX + name) ?? "null") as Draft | null;
    return draft && Date.now() - draft.at < KEPT ? draft : null;
  } catch {
    return null;
  }
}

export function forget(store: Storage, name: string): void {
  store.removeItem(PREFIX + name);
}

function keep(store: Storage, name: string, words: Record<string, string>): void {
  if (Object.values(words).every((word) => word === "")) return forget(store, name);
  try {
    store.setItem(PREFIX + name, JSON.stringify({ at: Date.now(), words } satisfies Draft));
  } catch {
    // A full or forbidden store: the words are still on the page.
  }
}

export function mount(page: Document, store: Storage): void {
  sweep(store);
  for (const form of page.querySelectorAll<HTMLFormElement>("form[data-draft]")) look(form, store);
  for (const card of page.querySelectorAll<HTMLElement>("[data-task]")) {
    const mark = card.querySelector<HTMLElement>("[data-unsent]");
    if (mark) mark.hidden = read(store, card.dataset.task ?? "") === null;
  }
}

function look(form: HTMLFormElement, store: Storage): void {
  const name = form.dataset.draft ?? "";
  const draft = read(store, name);
  for (const field of fields(form)) {
    if (field.value === "" && draft?.words[field.name]) field.value = draft.words[field.name] ?? "";
  }
  form.addEventListener("input", () => keep(store, name, words(form)));
}

function fields(form: HTMLFormElement): (HTMLTextAreaElement | HTMLInputElement)[] {
  return [...form.querySelectorAll<HTMLTextAreaElement | HTMLInputElement>("textarea, input:not([type])")];
}

function words(form: HTMLFormElement): Record<string, string> {
  return Object.fromEntries(fields(form).map((field) => [field.name, field.value]));
}

/** What was never sent does not stay on a telephone for ever. */
function sweep(store: Storage): void {
  const names = Array.from({ length: store.length }, (_, index) => store.key(index) ?? "");
  for (const key of names) {
    if (key.startsWith(PREFIX) && read(store, key.slice(PREFIX.length)) === null) store.removeItem(key);
  }
}
