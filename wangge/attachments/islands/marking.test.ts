import { describe, expect, it } from "vitest";
import { arrange, beside } from "./marking";

function squares(): { form: HTMLElement; inputs: HTMLInputElement[] } {
  document.body.innerHTML = `<form><div class="wg-squares">${'<label><input type="checkbox" name="square"></label>'.repeat(4)}</div></form>`;
  const form = document.querySelector("form")!;
  arrange(form);
  return { form, inputs: [...form.querySelectorAll("input")] };
}

describe("walking over the squares", () => {
  it("goes to the neighbour and stops at the rim", () => {
    expect(beside(0, "ArrowRight", 2, 4)).toBe(1);
    expect(beside(1, "ArrowRight", 2, 4)).toBeUndefined();
    expect(beside(0, "ArrowDown", 2, 4)).toBe(2);
    expect(beside(3, "ArrowDown", 2, 4)).toBeUndefined();
    expect(beside(2, "ArrowUp", 2, 4)).toBe(0);
    expect(beside(2, "ArrowLeft", 2, 4)).toBeUndefined();
    expect(beside(2, "Enter", 2, 4)).toBeUndefined();
  });
});

describe("drawing", () => {
  it("marks what the pointer touches, and clears it when it begins on a marked square", () => {
    const { inputs } = squares();
    const draw = (over: HTMLInputElement[]): void => {
      over[0]!.dispatchEvent(new MouseEvent("pointerdown", { bubbles: true, button: 0 }));
      for (const one of over) {
        document.elementFromPoint = () => one;
        one.dispatchEvent(new MouseEvent("pointermove", { bubbles: true }));
      }
      document.dispatchEvent(new MouseEvent("pointerup"));
    };
    draw([inputs[0]!, inputs[1]!]);
    expect(inputs.map((one) => one.checked)).toEqual([true, true, false, false]);
    draw([inputs[1]!]);
    expect(inputs.map((one) => one.checked)).toEqual([true, false, false, false]);
  });

  it("leaves the keyboard's own press alone", () => {
    const { inputs } = squares();
    inputs[2]!.click();
    expect(inputs[2]!.checked).toBe(true);
  });
});
