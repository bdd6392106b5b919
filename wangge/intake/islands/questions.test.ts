import { beforeEach, expect, test } from "vitest";
import { followConditions } from "./lib/questions";

const PAGE = `<form>
  <select name="q_danger"><option value=""></option><option value="yes">Yes</option><option value="no">No</option></select>
  <div data-only-if="q_danger" data-answers="yes unsure"><select name="q_fenced"><option value=""></option><option value="no">No</option></select></div>
  <div data-only-if="q_fenced" data-answers="no"><input name="q_why" /></div>
</form>`;

let form: HTMLFormElement;
const part = (name: string): HTMLElement => form.querySelector<HTMLElement>(`[data-only-if="${name}"]`)!;

function answer(name: string, value: string): void {
  const field = form.querySelector<HTMLSelectElement>(`[name="${name}"]`)!;
  field.value = value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

beforeEach(() => {
  document.body.innerHTML = PAGE;
  form = document.querySelector("form")!;
  followConditions(form);
});

test("a question waits for the answer that asks for it", () => {
  expect(part("q_danger").hidden).toBe(true);
  answer("q_danger", "yes");
  expect(part("q_danger").hidden).toBe(false);
  answer("q_danger", "no");
  expect(part("q_danger").hidden).toBe(true);
});

test("what hangs on a hidden question is hidden, whatever it said before", () => {
  answer("q_danger", "yes");
  answer("q_fenced", "no");
  expect(part("q_fenced").hidden).toBe(false);
  answer("q_danger", "no");
  expect(part("q_fenced").hidden).toBe(true);
});
