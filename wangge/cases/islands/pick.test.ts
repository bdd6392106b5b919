import { beforeEach, describe, expect, it } from "vitest";
import { pick } from "./lib/pick";

const UNITS = ["路灯管理所", "供电公司", "燃气公司", "环卫中心", "公交公司", "园林中心", "水务局", "民政局", "城管局"];

function several(): HTMLSelectElement {
  const options = UNITS.map((name) => `<option value="${name}">${name}</option>`).join("");
  document.body.innerHTML = `<form><select id="units" multiple data-pick="查找单位">${options}</select></form>`;
  const select = document.querySelector("select")!;
  pick(select);
  return select;
}

function press(select: HTMLSelectElement, name: string): void {
  const option = [...select.options].find((one) => one.text === name)!;
  option.dispatchEvent(new MouseEvent("mousedown", { bubbles: true, cancelable: true }));
}

function search(words: string): void {
  const field = document.querySelector<HTMLInputElement>("input[type=search]")!;
  field.value = words;
  field.dispatchEvent(new Event("input"));
}

const chosen = (select: HTMLSelectElement): string[] => [...select.selectedOptions].map((option) => option.text);

describe("a list from which several are chosen", () => {
  let select: HTMLSelectElement;
  beforeEach(() => (select = several()));

  it("keeps the first when a second is pressed, and lets go of what is pressed again", () => {
    press(select, "供电公司");
    press(select, "燃气公司");
    expect(chosen(select)).toEqual(["供电公司", "燃气公司"]);
    press(select, "供电公司");
    expect(chosen(select)).toEqual(["燃气公司"]);
  });

  it("keeps what is chosen in sight, and chosen, while searching for another", () => {
    press(select, "供电公司");
    search("燃气");
    expect([...select.options].map((option) => option.text)).toEqual(["供电公司", "燃气公司"]);
    expect(chosen(select)).toEqual(["供电公司"]);
  });
});
