import { expect, it, vi } from "vitest";
import { searchPlaces } from "./lib/places";

const FOUND = [
  { label: "人民路12号", note: "", lon: 118.9, lat: 32.9, value: "118.900000,32.900000,人民路12号" },
  { label: "人民路14号", note: "门牌", lon: 118.9, lat: 32.9, value: "118.900000,32.900001,人民路14号" },
];

it("says how many places were found, leads to them by one key and back by another", async () => {
  document.body.innerHTML = `<form data-places-found="找到 {count} 个地点"><input data-place-search><div data-places></div>
    <input id="id_address"></form>`;
  const form = document.querySelector("form")!;
  const asked = vi.fn(async (_address: string, _how: RequestInit) => ({ json: async () => ({ places: FOUND }) }));
  vi.stubGlobal("fetch", asked);
  searchPlaces(form, "/report/places.json", "没有找到");
  const input = form.querySelector<HTMLInputElement>("[data-place-search]")!;
  input.value = "人民路1";
  input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" }));
  await vi.waitFor(() => expect(form.querySelectorAll("input[name=found]")).toHaveLength(2));
  expect(form.querySelector("[role=status]")!.textContent).toBe("找到 2 个地点");
  const [address, how] = asked.mock.calls[0]!;
  expect(address, "what is looked for stands in no address").toBe("/report/places.json");
  expect((how.body as FormData).get("q")).toBe("人民路1");

  input.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown" }));
  const first = form.querySelector<HTMLInputElement>("input[name=found]")!;
  expect(document.activeElement).toBe(first);
  first.dispatchEvent(new Event("change", { bubbles: true }));
  expect(form.querySelector<HTMLInputElement>("#id_address")!.value).toBe("人民路12号");
  first.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  expect(document.activeElement).toBe(input);
});

it("leaves the address alone when none of the guessed places is right", () => {
  document.body.innerHTML = `<form><input data-place-search><div data-places>
    <input type="radio" name="found" value="words"></div><input id="id_address" value="我家门口"></form>`;
  const form = document.querySelector("form")!;
  searchPlaces(form, "/report/places.json", "");
  form.querySelector("input[name=found]")!.dispatchEvent(new Event("change", { bubbles: true }));
  expect(form.querySelector<HTMLInputElement>("#id_address")!.value).toBe("我家门口");
});
