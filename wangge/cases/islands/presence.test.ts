import { beforeEach, describe, expect, it, vi } from "vitest";

const PAGE = `
  <article id="matter" data-matter="case/2026-0000001" data-seq="3" data-presence="/desk/presence/">
    <p data-here hidden></p>
    <div data-moved hidden><ul data-moved-lines></ul><p data-moved-stage-line hidden><b data-moved-stage></b></p></div>
    <div data-gone hidden></div><div data-signed-out hidden></div>
  </article>
  <a data-row="case/2026-0000001"><span class="wg-row-class"></span></a>
  <a data-row="report/7"><span class="wg-row-class"></span></a>`;

const beacon = vi.fn((_address: string, _form: FormData) => true);
let asked: { url: string; headers: Record<string, string> }[];
let hidden: boolean;
let closed: AbortController; // takes the listeners of the page before along

/** Open the page; each question gets the next answer. */
async function open(...answers: (Record<string, unknown> | number)[]): Promise<void> {
  vi.resetModules();
  vi.doMock("htmx.org", () => ({ default: { ajax: vi.fn() } }));
  vi.stubGlobal(
    "fetch",
    vi.fn((url: string, options: { headers: Record<string, string> }) => {
      asked.push({ url, headers: options.headers });
      const answer = answers.shift() ?? 304;
      return Promise.resolve(
        typeof answer === "number"
          ? new Response(null, { status: answer })
          : new Response(JSON.stringify(answer), { headers: { ETag: `"${asked.length}"` } }),
      );
    }),
  );
  const { signal } = closed;
  const listen = document.addEventListener.bind(document);
  vi.spyOn(document, "addEventListener").mockImplementation((type: string, listener: EventListenerOrEventListenerObject) => {
    listen(type, listener, { signal });
  });
  await import("./presence");
  await settled();
}

async function settled(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
}

const one = (selector: string): HTMLElement => document.querySelector<HTMLElement>(selector)!;

beforeEach(() => {
  vi.useFakeTimers();
  vi.restoreAllMocks();
  closed?.abort();
  closed = new AbortController();
  asked = [];
  hidden = false;
  beacon.mockClear();
  document.body.innerHTML = PAGE;
  document.body.setAttribute("hx-headers", '{"X-CSRFToken": "token"}');
  Object.defineProperty(navigator, "sendBeacon", { value: beacon, configurable: true });
  Object.defineProperty(document, "hidden", { get: () => hidden, configurable: true });
});

describe("an open page", () => {
  it("says who else is here, in the matter and in the list", async () => {
    await open({ looking: "小李 正在查看", moved: null, rows: { "report/7": ["小李", "老王"] } });
    expect(one("[data-here]").textContent).toBe("小李 正在查看");
    expect(one("[data-here]").hidden).toBe(false);
    expect([...document.querySelectorAll(".wg-dot")].map((dot) => dot.textContent)).toEqual(["小李、老王"]);
  });

  it("asks with the tag of what it shows, and leaves all as it is while nothing changed", async () => {
    await open({ looking: "小李 正在查看", rows: {} });
    await vi.advanceTimersByTimeAsync(8_000);
    expect(asked.map(({ headers }) => headers["If-None-Match"])).toEqual([undefined, '"1"']);
    expect(asked.every(({ headers }) => headers["X-Polling"] === "1")).toBe(true);
    expect(one("[data-here]").textContent).toBe("小李 正在查看");
  });

  it("says what moved, by whom, and the stage reached", async () => {
    await open({ moved: { lines: ["11-26 14:05 老王 已派遣"], stage: "待签收" } });
    expect(one("[data-moved]").hidden).toBe(false);
    expect(one("[data-moved-lines]").textContent).toBe("11-26 14:05 老王 已派遣");
    expect(one("[data-moved-stage]").textContent).toBe("待签收");
  });

  it("says that the matter is gone, and that one was signed out", async () => {
    await open({ gone: "已不归您" }, 401);
    expect(one("[data-gone]").textContent).toBe("已不归您");
    await vi.advanceTimersByTimeAsync(8_000);
    expect(one("[data-signed-out]").hidden).toBe(false);
    await vi.advanceTimersByTimeAsync(80_000);
    expect(asked.length).toBe(2);
  });

  it("asks nothing while nobody looks, and says when it is left", async () => {
    await open({ rows: {} });
    hidden = true;
    document.dispatchEvent(new Event("visibilitychange"));
    expect(beacon).toHaveBeenCalledTimes(1);
    const [address, form] = beacon.mock.calls[0]!;
    expect(address).toBe("/desk/presence/");
    expect(form.get("matter")).toBe("case/2026-0000001");
    expect(form.get("csrfmiddlewaretoken")).toBe("token");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked.length).toBe(1);
  });

  it("says that one matter was left when another is opened beside the list", async () => {
    await open({ rows: {} }, { rows: {} });
    one("#matter").dataset.matter = "report/7";
    document.dispatchEvent(new Event("htmx:afterSettle"));
    await settled();
    expect(beacon.mock.calls.map(([, form]) => form.get("matter"))).toEqual(["case/2026-0000001"]);
    expect(asked[1]!.url).toContain("matter=report%2F7");
  });
});
