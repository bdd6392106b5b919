import { beforeEach, describe, expect, it, vi } from "vitest";
import * as store from "../../web/islands/lib/words";
import { fieldsOf, restore, words } from "./lib/typed";

const NOW = 1_780_000_000_000;
const DAY = 24 * 3600 * 1000;
const FORM = `
  <form data-keeps="case/1/dispatch" action="/cases/1/dispatch/">
    <input type="hidden" name="csrfmiddlewaretoken" value="secret"><input type="hidden" name="seen" value="7">
    <p data-restored hidden><time></time><button type="button" data-discard>discard</button></p>
    <select name="unit"><option value="1">a</option><option value="2">b</option></select>
    <input type="radio" name="condition" value="9"><input type="radio" name="condition" value="10">
    <input type="checkbox" name="publish" checked>
    <input type="search" name="q" value="lamp"><input type="file" name="photos">
    <textarea name="note"></textarea>
  </form>`;

function form(): HTMLFormElement {
  return document.querySelector("form")!;
}

beforeEach(() => {
  localStorage.clear();
  document.body.innerHTML = FORM;
  document.body.dataset.person = "12";
});

describe("what was typed", () => {
  it("is words and choices, never files, searches or tokens", () => {
    form().querySelector("textarea")!.value = "带登高车";
    expect(fieldsOf(form())).toEqual({ unit: ["1"], condition: [], publish: ["on"], note: ["带登高车"] });
    expect(words(form())).toEqual(["带登高车"]);
  });

  it("goes back to where it stood, an unticked box too", () => {
    const typed = { unit: ["2"], condition: ["10"], publish: [], note: ["带登高车"] };
    expect(restore(form(), typed)).toBe(true);
    expect(fieldsOf(form())).toEqual(typed);
  });

  it("tells when the form has no place for it", () => {
    expect(restore(form(), { unit: ["3"] })).toBe(false);
  });
});

describe("the drawers", () => {
  it("are one for each person", () => {
    store.write(localStorage, store.key("12", "case/1/dispatch"), { note: ["mine"] }, NOW);
    expect(store.read(localStorage, store.key("13", "case/1/dispatch"), NOW)).toBeNull();
    expect(store.read(localStorage, store.key("12", "case/1/dispatch"), NOW)?.fields).toEqual({ note: ["mine"] });
  });

  it("are emptied by signing out, others' only of what has lain too long", () => {
    store.write(localStorage, store.key("1", "a"), { note: ["x"] }, NOW);
    store.write(localStorage, store.key("12", "a"), { note: ["x"] }, NOW);
    store.write(localStorage, store.key("12", "old"), { note: ["x"] }, NOW - 4 * DAY);
    store.sweep(localStorage, NOW, "1");
    expect(Object.keys(localStorage)).toEqual([store.key("12", "a")]);
  });

  it("are emptied when the form that signs out is sent", () => {
    store.mount(document);
    store.write(localStorage, store.key("12", "a"), { note: ["x"] }, Date.now());
    document.body.insertAdjacentHTML("beforeend", "<form id=out data-signs-out></form>");
    document.querySelector("#out")!.dispatchEvent(new Event("submit", { bubbles: true }));
    expect(localStorage.length).toBe(0);
  });

  it("hold nothing broken", () => {
    localStorage.setItem(store.key("12", "a"), "{");
    expect(store.read(localStorage, store.key("12", "a"), NOW)).toBeNull();
  });
});

describe("a form", () => {
  const ajax = vi.fn(() => Promise.resolve());

  /** Draw a page with this form and mount the island on it. */
  async function open(html = FORM): Promise<void> {
    vi.resetModules();
    vi.doMock("htmx.org", () => ({ default: { ajax } }));
    document.body.innerHTML = html;
    await import("./drafts");
  }

  function type(text: string): void {
    const note = form().querySelector("textarea")!;
    note.value = text;
    note.dispatchEvent(new Event("input", { bubbles: true }));
  }

  const kept = (): string | null => localStorage.getItem(store.key("12", "case/1/dispatch"));

  beforeEach(() => ajax.mockClear());

  it("comes back with what was typed, says so, and can be emptied", async () => {
    await open();
    type("带登高车");
    await open();
    expect(form().querySelector("textarea")!.value).toBe("带登高车");
    expect(document.querySelector<HTMLElement>("[data-restored]")!.hidden).toBe(false);
    expect(document.querySelector("time")!.textContent).toMatch(/^\d\d:\d\d$/);
    document.querySelector<HTMLElement>("[data-discard]")!.click();
    expect(form().querySelector("textarea")!.value).toBe("");
    expect(kept()).toBeNull();
  });

  it("is not kept while it is as it was drawn", async () => {
    await open();
    type("带");
    expect(kept()).not.toBeNull();
    type("");
    expect(kept()).toBeNull();
  });

  it("keeps nothing of a confidential matter, and nothing for nobody", async () => {
    await open(FORM.replace("data-keeps", "data-nothing"));
    type("秘密");
    expect(localStorage.length).toBe(0);
    delete document.body.dataset.person;
    await open();
    type("谁的");
    expect(localStorage.length).toBe(0);
  });

  it("that the server drew with somebody's words stays as it is", async () => {
    await open();
    type("旧的");
    await open(FORM.replace("<form", "<form data-as-typed").replace("</textarea>", "新的</textarea>"));
    expect(form().querySelector("textarea")!.value).toBe("新的");
    type("新的。");
    expect(kept()).toContain("新的。");
  });

  it("is forgotten when the step was taken, and kept when it was refused", async () => {
    await open();
    type("带登高车");
    const answered = (target: string | null): boolean =>
      form().dispatchEvent(
        new CustomEvent("htmx:beforeOnLoad", { bubbles: true, detail: { elt: form(), xhr: { getResponseHeader: () => target } } }),
      );
    answered(null);
    expect(kept()).not.toBeNull();
    answered("#matter");
    expect(kept()).toBeNull();
  });

  it("with another class is drawn again by the server, which is told the class and no words", async () => {
    const picker = FORM.replace("<textarea", '<fieldset data-class-picker><input type="radio" name="matter" value="5"></fieldset><textarea');
    store.write(localStorage, store.key("12", "case/1/dispatch"), { matter: ["6"], note: ["秘密"] }, Date.now());
    await open(picker);
    expect(ajax).toHaveBeenCalledWith("get", "/cases/1/dispatch/?matter=6", { target: "#step" });
  });
});
