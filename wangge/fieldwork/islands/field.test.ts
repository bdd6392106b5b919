import { beforeEach, describe, expect, it, vi } from "vitest";
import { metresBetween, nearestFirst, spoken } from "./lib/distance";
import { mount as mountDrafts } from "./lib/drafts";
import { mount as mountSending } from "./lib/sending";

const FORM = `
  <form action="/tasks/1/result/" method="post" data-send data-draft="1">
    <div data-refusal hidden></div>
    <textarea name="note"></textarea>
    <div data-sending hidden data-words-sending="Sending" data-words-unsent="Not sent" data-words-failed="Failed">
      <span data-sending-words></span>
      <button type="button" data-sending-again hidden></button>
      <button type="button" data-sending-stop hidden></button>
    </div>
    <button name="outcome" value="passed">ok</button>
  </form>`;

beforeEach(() => {
  localStorage.clear();
  document.body.innerHTML = FORM;
  vi.unstubAllGlobals();
  Element.prototype.scrollIntoView = vi.fn(); // jsdom has none
});

function type(words: string): HTMLTextAreaElement {
  const note = document.querySelector<HTMLTextAreaElement>("textarea")!;
  note.value = words;
  note.dispatchEvent(new Event("input", { bubbles: true }));
  return note;
}

async function press(): Promise<void> {
  document.querySelector<HTMLButtonElement>("button[name=outcome]")!.click();
  await new Promise((done) => setTimeout(done, 0));
}

describe("distance", () => {
  it("is a hundred and eleven kilometres for one degree of latitude", () => {
    expect(metresBetween(118.9, 32, 118.9, 33)).toBeCloseTo(111_195, -2);
  });

  it("is said as people say it", () => {
    const words = { here: "here", metres: "{number} m", kilometres: "{number} km" };
    expect([5, 84, 1234, 12_345].map((metres) => spoken(metres, words))).toEqual(["here", "80 m", "1.2 km", "12 km"]);
  });

  it("puts the nearest first and what has no place last", () => {
    const list = document.createElement("ul");
    list.innerHTML = `<li id="none"></li><li id="far"><i data-away="900"></i></li><li id="near"><i data-away="9"></i></li>`;
    nearestFirst(list);
    expect([...list.children].map((row) => row.id)).toEqual(["near", "far", "none"]);
  });
});

describe("drafts", () => {
  it("are there again after the page was lost", () => {
    mountDrafts(document, localStorage);
    type("灯还是不亮");
    document.body.innerHTML = FORM;
    mountDrafts(document, localStorage);
    expect(document.querySelector("textarea")!.value).toBe("灯还是不亮");
  });

  it("do not overwrite what the server gave back", () => {
    mountDrafts(document, localStorage);
    type("old");
    document.body.innerHTML = FORM.replace("<textarea name=\"note\">", "<textarea name=\"note\">newer");
    mountDrafts(document, localStorage);
    expect(document.querySelector("textarea")!.value).toBe("newer");
  });

  it("are gone after three days, and when the words are deleted", () => {
    localStorage.setItem("wangge.draft.old", JSON.stringify({ at: Date.now() - 4 * 86_400_000, words: { note: "x" } }));
    mountDrafts(document, localStorage);
    type("x");
    type("");
    expect(localStorage.length).toBe(0);
  });

  it("mark the card of their task in the list", () => {
    localStorage.setItem("wangge.draft.7", JSON.stringify({ at: Date.now(), words: { note: "x" } }));
    document.body.innerHTML = `<a data-task="7"><i data-unsent hidden></i></a><a data-task="8"><i data-unsent hidden></i></a>`;
    mountDrafts(document, localStorage);
    expect([...document.querySelectorAll<HTMLElement>("[data-unsent]")].map((mark) => mark.hidden)).toEqual([false, true]);
  });
});

describe("sending", () => {
  const panel = (): HTMLElement => document.querySelector<HTMLElement>("[data-sending]")!;

  it("says what is not sent, keeps it, and sends it when there is a connection again", async () => {
    const fetched = vi.fn().mockRejectedValue(new TypeError("offline"));
    vi.stubGlobal("fetch", fetched);
    mountDrafts(document, localStorage);
    mountSending(document, localStorage);
    const note = type("灯还是不亮");
    await press();
    expect(panel().dataset.state).toBe("unsent");
    expect(panel().textContent).toContain("Not sent");
    expect(note.value).toBe("灯还是不亮");

    dispatchEvent(new Event("online"));
    await new Promise((done) => setTimeout(done, 0));
    expect(fetched).toHaveBeenCalledTimes(2);
    const body = fetched.mock.calls[1]![1].body as FormData;
    expect([body.get("note"), body.get("outcome")]).toEqual(["灯还是不亮", "passed"]);
  });

  it("sends once when the button is pressed twice", async () => {
    const fetched = vi.fn().mockReturnValue(new Promise(() => undefined));
    vi.stubGlobal("fetch", fetched);
    mountSending(document, localStorage);
    await press();
    await press();
    expect(fetched).toHaveBeenCalledTimes(1);
    expect(panel().dataset.state).toBe("sending");
  });

  it("shows a refusal on the page that still holds everything", async () => {
    const page = `<div data-refusal><p role="alert">Please add a photo</p></div>`;
    vi.stubGlobal("fetch", vi.fn().mockResolvedValue(new Response(page, { status: 409 })));
    mountSending(document, localStorage);
    const note = type("x");
    await press();
    await new Promise((done) => setTimeout(done, 0));
    expect(document.querySelector("[data-refusal]")!.textContent).toBe("Please add a photo");
    expect(note.value).toBe("x");
    expect(panel().hidden).toBe(true);
  });
});
