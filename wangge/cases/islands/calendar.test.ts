import { beforeEach, describe, expect, it } from "vitest";
import { mount } from "./lib/days";

function press(key: string): void {
  document.activeElement!.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}

describe("the days of a year", () => {
  let days: HTMLElement[];

  beforeEach(() => {
    const links = Array.from({ length: 30 }, (_, n) => `<a href="#${n}" data-day="${n}" class="${n === 9 ? "today" : ""}">${n}</a>`);
    document.body.innerHTML = `<div data-year>${links.join("")}</div>`;
    days = [...document.querySelectorAll<HTMLElement>("[data-day]")];
    mount(document);
    days[9]!.focus();
  });

  it("are one stop of the tab key, at today", () => {
    expect(days.filter((day) => day.tabIndex === 0)).toEqual([days[9]]);
  });

  it("are walked with arrow keys, by day and by week", () => {
    press("ArrowRight");
    expect(document.activeElement).toBe(days[10]);
    press("ArrowDown");
    expect(document.activeElement).toBe(days[17]);
    press("ArrowUp");
    press("ArrowLeft");
    expect(document.activeElement).toBe(days[9]);
    expect(days[9]!.tabIndex).toBe(0);
  });

  it("end at the edges of the year", () => {
    press("Home");
    press("ArrowLeft");
    expect(document.activeElement).toBe(days[0]);
    press("End");
    press("ArrowDown");
    expect(document.activeElement).toBe(days[29]);
  });
});
