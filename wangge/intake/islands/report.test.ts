import { beforeEach, describe, expect, it } from "vitest";
import * as draft from "./lib/draft";
import { sendOnce } from "./lib/once";
import { Steps } from "./lib/steps";

const NOW = 1_780_000_000_000;

function form(inner: string): HTMLFormElement {
  document.body.innerHTML = `<form>${inner}</form>`;
  return document.querySelector("form")!;
}

describe("a draft", () => {
  beforeEach(() => localStorage.clear());

  it("keeps what was said, and never how to reach the person", () => {
    const filled = form(
      '<textarea name="text">灯坏了 𠮷</textarea><input name="phone" value="13812341234"><input name="name" value="张三">' +
        '<input type="radio" name="group" value="lamps" checked><input type="radio" name="group" value="road">',
    );
    const fields = draft.fieldsOf(filled);
    expect(fields).toEqual({ text: ["灯坏了 𠮷"], group: ["lamps"] });
    draft.write("report", fields, NOW);
    expect(draft.read("report", NOW + 1000)?.fields).toEqual(fields);
    expect(JSON.stringify(localStorage)).not.toContain("13812341234");
  });

  it("goes back into the same fields", () => {
    const empty = form(
      '<textarea name="text"></textarea><select name="matter"><option value=""></option><option value="01037"></option></select>' +
        '<input type="radio" name="group" value="lamps"><input type="radio" name="group" value="road">' +
        '<input type="checkbox" name="street_only" value="on">',
    );
    draft.restore(empty, { text: ["灯坏了"], matter: ["01037"], group: ["road"], street_only: ["on"] });
    expect(Object.fromEntries(new FormData(empty))).toEqual({ text: "灯坏了", matter: "01037", group: "road", street_only: "on" });
  });

  it("is forgotten after a week, when it is empty, and when it is broken", () => {
    draft.write("report", { text: ["灯坏了"] }, NOW);
    expect(draft.read("report", NOW + draft.KEPT_FOR + 1)).toBeNull();
    draft.write("report", { text: [" "], token: ["x"] }, NOW);
    expect(localStorage.length).toBe(0);
    localStorage.setItem("wangge-draft-report", "{");
    expect(draft.read("report", NOW)).toBeNull();
  });
});

describe("sending", () => {
  it("happens once, however often the button is pressed", () => {
    const sent = form("<button>Send</button>");
    sendOnce(sent);
    const press = (): boolean => sent.dispatchEvent(new Event("submit", { cancelable: true }));
    expect([press(), press(), press()]).toEqual([true, false, false]);
  });
});

describe("three steps", () => {
  const page =
    '<ol><li data-step-mark></li><li data-step-mark></li></ol><fieldset data-step="where"><legend>1</legend><input></fieldset>' +
    '<fieldset data-step="how"><legend>2</legend><div class="rs-send"><button>Send</button></div></fieldset>';
  const words = { next: "下一步", back: "上一步" };
  const shown = (): string[] =>
    Array.from(document.querySelectorAll<HTMLFieldSetElement>("fieldset:not([hidden])"), (step) => step.dataset.step!);

  beforeEach(() => {
    window.scrollTo = () => undefined;
  });

  it("show one at a time and go on only when the step is done", () => {
    let done = false;
    new Steps(form(page), words, "where", () => done);
    const next = document.querySelector<HTMLButtonElement>(".rs-turn .btn-primary")!;
    next.click();
    expect(shown()).toEqual(["where"]);
    done = true;
    next.click();
    expect(shown()).toEqual(["how"]);
    expect(document.querySelector("[aria-current=step]")).toBe(document.querySelectorAll("[data-step-mark]")[1]);
  });

  it("begin where something has to be mended", () => {
    new Steps(form(page), words, "how", () => true);
    expect(shown()).toEqual(["how"]);
  });

  it("take Enter in a field as going on, not as sending", () => {
    new Steps(form(page), words, "where", () => true);
    const enter = new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true });
    document.querySelector("input")!.dispatchEvent(enter);
    expect(enter.defaultPrevented).toBe(true);
    expect(shown()).toEqual(["how"]);
  });
});
