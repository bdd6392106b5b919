import { beforeEach, expect, test, vi } from "vitest";
import { mount as mountDialogs } from "./lib/dialogs";
import { mount as mountMenus } from "./lib/menus";
import { mount as mountRefusals } from "./lib/refusals";

mountMenus(document);
mountDialogs(document);
mountRefusals(document);

// jsdom knows no modal dialogs.
HTMLDialogElement.prototype.showModal = function () {
  this.open = true;
};
HTMLDialogElement.prototype.close = function () {
  this.open = false;
};

beforeEach(() => {
  document.body.innerHTML = `
    <details data-menu id="first" open><summary>A</summary><a href="#x">x</a></details>
    <details data-menu id="second"><summary>B</summary></details>
    <input id="field"><p id="outside">text</p>
    <button id="opener" data-opens="keys"><span>?</span></button>
    <dialog id="keys" data-key="?"><button data-closes>x</button></dialog>`;
  document.body.dataset.failed = "did not work";
  document.body.dataset.noNetwork = "no network";
});

function find<T extends Element>(selector: string): T {
  const found = document.querySelector<T>(selector);
  if (found === null) throw new Error(selector);
  return found;
}

function press(key: string, on: Element = document.body): void {
  on.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
}

function answered(name: string, status: number, type: string, verb = "post"): void {
  const xhr = { status, responseText: "先签收，再办理", getResponseHeader: () => type };
  document.body.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: { xhr, requestConfig: { verb } } }));
}

test("a menu stays open while it is used and closes outside", () => {
  find<HTMLElement>("#first a").click();
  expect(find<HTMLDetailsElement>("#first").open).toBe(true);
  find<HTMLElement>("#outside").click();
  expect(find<HTMLDetailsElement>("#first").open).toBe(false);
});

test("Escape closes the menu and gives the focus back to its button", () => {
  press("Escape");
  expect(find<HTMLDetailsElement>("#first").open).toBe(false);
  expect(document.activeElement).toBe(find("#first summary"));
});

test("a dialog opens by its button, also when a part of it is pressed, and closes again", () => {
  find<HTMLElement>("#opener span").click();
  expect(find<HTMLDialogElement>("#keys").open).toBe(true);
  find<HTMLElement>("[data-closes]").click();
  expect(find<HTMLDialogElement>("#keys").open).toBe(false);
});

test("its key opens it from the page, and is a letter like others in a field", () => {
  press("?", find("#field"));
  expect(find<HTMLDialogElement>("#keys").open).toBe(false);
  press("?");
  expect(find<HTMLDialogElement>("#keys").open).toBe(true);
});

test("a refusal shows its sentence, another failure a general one, and both go away", () => {
  vi.useFakeTimers();
  answered("htmx:responseError", 409, "text/plain; charset=utf-8");
  expect(find("[role=alert]").textContent).toBe("先签收，再办理");
  answered("htmx:responseError", 500, "text/html");
  expect(find("[role=alert]").textContent).toBe("did not work");
  answered("htmx:sendError", 0, "");
  expect(find("[role=alert]").textContent).toBe("no network");
  vi.runAllTimers();
  expect(document.querySelector("[role=alert]")).toBeNull();
  vi.useRealTimers();
});

test("polling that fails stays silent", () => {
  answered("htmx:sendError", 0, "", "get");
  expect(document.querySelector("[role=alert]")).toBeNull();
});
