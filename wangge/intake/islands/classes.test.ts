import { expect, test, vi } from "vitest";
import { Classes } from "./lib/classes";

const PAGE = `<form>
  <div data-class-search><input></div><div data-suggestions></div>
  <select data-matter><option value=""></option>
    <optgroup data-group="street"><option value="A">A</option><option value="B">B</option></optgroup></select>
  <div data-questions></div>
</form>`;

test("the questions are marked as on their way until those of the last choice are there", async () => {
  vi.stubGlobal("CSS", { escape: (text: string) => text }); // jsdom has none
  document.body.innerHTML = PAGE;
  const answers: Record<string, (asked: string) => void> = {};
  vi.stubGlobal("fetch", (address: string) => {
    const asked = new Promise<string>((resolve) => (answers[address.slice(-1)] = resolve));
    return Promise.resolve({ ok: true, text: () => asked });
  });
  const form = document.querySelector("form")!;
  new Classes(form, "/classes", "/questions");
  const place = form.querySelector<HTMLElement>("[data-questions]")!;
  const choose = (code: string): void => {
    const select = form.querySelector<HTMLSelectElement>("[data-matter]")!;
    select.value = code;
    select.dispatchEvent(new Event("change"));
  };
  choose("A");
  choose("B");
  await vi.waitFor(() => expect(Object.keys(answers)).toEqual(["A", "B"]));
  answers.A!('<input name="asked" value="A">');
  await new Promise((resolve) => setTimeout(resolve));
  expect(place.getAttribute("aria-busy")).toBe("true");
  expect(place.innerHTML).toBe("");
  answers.B!('<input name="asked" value="B">');
  await vi.waitFor(() => expect(place.hasAttribute("aria-busy")).toBe(false));
  expect(place.innerHTML).toContain('value="B"');
  choose("A");
  expect(place.getAttribute("aria-busy")).toBe("true");
  choose("B"); // whose questions are still there
  expect(place.hasAttribute("aria-busy")).toBe(false);
});
