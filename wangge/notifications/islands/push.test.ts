import { beforeEach, expect, it, vi } from "vitest";
import { bytesOf, mount } from "./push";

const PAGE = `
  <input name="csrfmiddlewaretoken" value="token">
  <div data-push data-key="BAEC" data-worker="/notices/worker.js" data-url="/notices/preferences/browser/"
       data-denied="Denied." data-failed="Failed.">
    <button data-push-on hidden>On</button>
    <p data-push-none>Not offered.</p>
    <p data-push-said></p>
  </div>`;

const said = () => document.querySelector("[data-push-said]")!.textContent;
const button = () => document.querySelector<HTMLButtonElement>("[data-push-on]")!;

function offer(permission: string, answer: { ok: boolean; error?: string } = { ok: true }) {
  const subscribe = vi.fn(async () => ({ endpoint: "https://push.example/1" }));
  const register = vi.fn(async () => ({ pushManager: { subscribe } }));
  vi.stubGlobal("PushManager", class {});
  vi.stubGlobal("Notification", { requestPermission: async () => permission });
  Object.defineProperty(navigator, "serviceWorker", { value: { register }, configurable: true });
  const fetched = vi.fn(async (..._asked: unknown[]) => ({ ok: answer.ok, json: async () => answer }));
  vi.stubGlobal("fetch", fetched);
  return { subscribe, register, fetched };
}

beforeEach(() => {
  vi.unstubAllGlobals();
  Reflect.deleteProperty(navigator, "serviceWorker");
  document.body.innerHTML = PAGE;
});

it("reads a key as its bytes", () => {
  expect([...bytesOf("BAEC_-8")]).toEqual([4, 1, 2, 255, 239]);
});

it("leaves the page alone where the browser cannot do it", () => {
  mount(document);
  expect(button().hidden).toBe(true);
  expect(document.querySelector("[data-push-none]")).not.toBeNull();
});

it("says so when the browser was told not to show notices", async () => {
  const { register } = offer("denied");
  mount(document);
  button().click();
  await vi.waitFor(() => expect(said()).toBe("Denied."));
  expect(register).not.toHaveBeenCalled();
});

it("subscribes with our key and shows why the platform refuses", async () => {
  const { subscribe, register, fetched } = offer("granted", { ok: false, error: "Not allowed here." });
  mount(document);
  button().click();
  await vi.waitFor(() => expect(said()).toBe("Not allowed here."));
  expect(register).toHaveBeenCalledWith("/notices/worker.js");
  expect(subscribe).toHaveBeenCalledWith(expect.objectContaining({ userVisibleOnly: true }));
  const [url, sent] = fetched.mock.calls[0] as [string, { body: FormData; headers: Record<string, string> }];
  expect(url).toBe("/notices/preferences/browser/");
  expect(sent.headers["X-CSRFToken"]).toBe("token");
  expect(sent.body.get("subscription")).toContain("push.example");
});
