// What is typed survives a lost connection, a closed page and a dead battery: kept on this device until it is sent.
// How to reach a person is never kept: a telephone may be lent.

export interface Draft {
  at: number;
  fields: Record<string, string[]>;
}

export const KEPT_FOR = 7 * 24 * 3600 * 1000;
const NEVER = new Set(["csrfmiddlewaretoken", "name", "phone", "email", "share_with_unit", "photos", "q", "asked", "drop", "find"]);

/** The fields of a form worth keeping, by name. */
export function fieldsOf(form: HTMLFormElement): Draft["fields"] {
  const fields: Draft["fields"] = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== "string" || NEVER.has(name) || value === "") continue;
    (fields[name] ??= []).push(value);
  }
  return fields;
}

/** Whether there is anything in it that a person wrote or chose; a token alone is nothing. */
export function isWorthKeeping(fields: Draft["fields"]): boolean {
  return ["text", "address", "lon", "group", "matter"].some((name) => fields[name]?.some((value) => value.trim() !== ""));
}

/** A kept draft, or none: too old, broken or forbidden by the browser. */
export function read(name: string, now: number): Draft | null {
  try {
    const draft = JSON.parse(localStorage.getItem(key(name)) ?? "null") as Draft | null;
    return draft && typeof draft.fields === "object" && now - draft.at < KEPT_FOR ? draft : null;
  } catch {
    return null;
  }
}

export function write(name: string, fields: Draft["fields"], now: number): void {
  try {
    if (isWorthKeeping(fields)) localStorage.setItem(key(name), JSON.stringify({ at: now, fields }));
    else localStorage.removeItem(key(name));
  } catch {
    // No room or not allowed: the form works all the same.
  }
}

export function clear(name: string): void {
  try {
    localStorage.removeItem(key(name));
  } catch {
    // Nothing was kept then.
  }
}

/** Put kept values back into a form. */
export function restore(form: HTMLFormElement, fields: Draft["fields"]): void {
  for (const [name, values] of Object.entries(fields)) {
    const controls = form.elements.namedItem(name);
    for (const control of controls instanceof RadioNodeList ? Array.from(controls) : [controls]) put(control, values);
  }
}

function put(control: unknown, values: string[]): void {
  if (control instanceof HTMLInputElement && (control.type === "radio" || control.type === "checkbox")) {
    control.checked = values.includes(control.value);
  } else if (
    control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement || control instanceof HTMLSelectElement
  ) {
    control.value = values[0] ?? "";
  }
}

function key(name: string): string {
  return `wangge-draft-${name}`;
}
