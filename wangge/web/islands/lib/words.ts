// Words typed into a form at work, kept on this machine for one person until they are sent, three days at most.
// Each person has a drawer of their own; signing out empties it.

export type Fields = Record<string, string[]>;

export interface Kept {
  at: number;
  fields: Fields;
}

const PREFIX = "wangge.words.";
const KEPT_FOR = 3 * 24 * 3600 * 1000; // milliseconds

/** The key of one form for one person. */
export function key(person: string, form: string): string {
  return `${PREFIX}${person}.${form}`;
}

export function read(store: Storage, name: string, now: number): Kept | null {
  try {
    const kept = JSON.parse(store.getItem(name) ?? "null") as Kept | null;
    return kept && typeof kept.fields === "object" && now - kept.at < KEPT_FOR ? kept : null;
  } catch {
    return null;
  }
}

export function write(store: Storage, name: string, fields: Fields, now: number): void {
  try {
    store.setItem(name, JSON.stringify({ at: now, fields } satisfies Kept));
  } catch {
    // A full or forbidden store: the words are still on the page.
  }
}

export function forget(store: Storage, name: string): void {
  try {
    store.removeItem(name);
  } catch {
    // Nothing was kept then.
  }
}

/** Empty one person's drawer, and what has lain too long in anybody's. */
export function sweep(store: Storage, now: number, person = ""): void {
  const own = person === "" ? null : key(person, "");
  for (const name of Object.keys(store).filter((one) => one.startsWith(PREFIX))) {
    if ((own !== null && name.startsWith(own)) || read(store, name, now) === null) forget(store, name);
  }
}

/** Whoever signs out takes their words along: <form data-signs-out>. */
export function mount(page: Document): void {
  page.addEventListener("submit", (event) => {
    const person = page.body.dataset.person ?? "";
    if ((event.target as Element).matches("form[data-signs-out]") && person !== "") sweep(localStorage, Date.now(), person);
  });
}
