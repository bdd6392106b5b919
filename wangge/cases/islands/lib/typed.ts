// What a person has typed and chosen in a form, and how it is put back. Files, tokens and searches are nobody's words.
import type { Fields } from "../../../web/islands/lib/words";

const NEVER = new Set(["csrfmiddlewaretoken", "seen", "typed_by", "next", "q"]);

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

function controls(form: HTMLFormElement): Control[] {
  return [...form.elements].filter(
    (one): one is Control =>
      (one instanceof HTMLTextAreaElement || one instanceof HTMLSelectElement ||
        (one instanceof HTMLInputElement && !["hidden", "file", "password", "search", "submit", "button"].includes(one.type))) &&
      one.name !== "" && !NEVER.has(one.name),
  );
}

function isTick(one: Control): one is HTMLInputElement {
  return one instanceof HTMLInputElement && (one.type === "radio" || one.type === "checkbox");
}

/** Everything that stands in the form now, by name; a name without a value is empty, not absent. */
export function fieldsOf(form: HTMLFormElement): Fields {
  const fields: Fields = {};
  for (const one of controls(form)) {
    const values = (fields[one.name] ??= []);
    if (one instanceof HTMLSelectElement) values.push(...[...one.selectedOptions].map((option) => option.value));
    else if (!isTick(one)) values.push(one.value);
    else if (one.checked) values.push(one.value);
  }
  return fields;
}

/** Put values back; tells whether the form has a place for all of them. */
export function restore(form: HTMLFormElement, fields: Fields): boolean {
  const all = controls(form);
  return Object.entries(fields).every(([name, values]) => {
    const own = all.filter((one) => one.name === name);
    let texts = 0;
    for (const one of own) {
      if (isTick(one)) one.checked = values.includes(one.value);
      else if (one instanceof HTMLSelectElement) for (const option of one.options) option.selected = values.includes(option.value);
      else one.value = values[texts++] ?? "";
    }
    const standing = fieldsOf(form)[name] ?? [];
    return values.every((value) => standing.includes(value));
  });
}

/** The words among the fields: what a person wrote, as lines to read where the form is gone. */
export function words(form: HTMLFormElement): string[] {
  return controls(form)
    .filter((one) => one instanceof HTMLTextAreaElement)
    .map((one) => one.value.trim())
    .filter((text) => text !== "");
}
