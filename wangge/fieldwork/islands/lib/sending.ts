// Sending <form data-send> so that a lost connection loses nothing: words and photos stay on the page, its state is
// said, and it goes again by itself. The server knows a form that comes twice.
import { forget } from "./drafts";

const PATIENCE = 120_000; // milliseconds before we stop waiting for an answer

type State = "" | "sending" | "unsent" | "failed" | "signedOut";

export function mount(page: Document, store: Storage): void {
  for (const form of page.querySelectorAll<HTMLFormElement>("form[data-send]")) new Sending(form, store);
}

class Sending {
  private running: AbortController | null = null;
  private waiting: FormData | null = null; // not sent yet, with the button that was pressed
  private readonly panel: HTMLElement | null;

  constructor(private readonly form: HTMLFormElement, private readonly store: Storage) {
    this.panel = form.querySelector("[data-sending]");
    form.addEventListener("submit", (event) => this.take(event));
    this.button("again")?.addEventListener("click", () => void this.send());
    this.button("stop")?.addEventListener("click", () => this.running?.abort());
    addEventListener("online", () => void this.send());
  }

  private take(event: SubmitEvent): void {
    event.preventDefault();
    if (this.running) return; // a second tap while the first is under way
    this.waiting = new FormData(this.form, event.submitter);
    void this.send();
  }

  private async send(): Promise<void> {
    if (!this.waiting || this.running) return;
    this.running = new AbortController();
    const patience = setTimeout(() => this.running?.abort(), PATIENCE);
    this.show("sending");
    try {
      await this.understand(await this.post(this.waiting, this.running.signal));
    } catch {
      this.show("unsent");
    } finally {
      clearTimeout(patience);
      this.running = null;
    }
  }

  /** Whoever signed in again meanwhile has a new token; the form still carries the old one. */
  private post(body: FormData, signal: AbortSignal): Promise<Response> {
    const token = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1];
    if (token) body.set("csrfmiddlewaretoken", token);
    return fetch(this.form.action, { method: "POST", body, signal, headers: { "X-Sending": "1" } });
  }

  private async understand(answer: Response): Promise<void> {
    if (answer.status === 204) {
      forget(this.store, this.form.dataset.draft ?? "");
      location.assign(answer.headers.get("Location") ?? location.href);
    } else if (answer.status === 409) {
      this.waiting = null;
      this.show("");
      this.refuse(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } else {
      this.show(answer.redirected ? "signedOut" : "failed");
    }
  }

  /** Show what the server refused, in the page that still holds everything. */
  private refuse(answer: Document): void {
    for (const hook of ["[data-refusal]", "[data-choices]"]) {
      const [here, there] = [this.form.querySelector<HTMLElement>(hook), answer.querySelector<HTMLElement>(hook)];
      if (!here || !there) continue;
      here.replaceChildren(...there.childNodes);
      here.hidden = there.hidden;
    }
    this.form.querySelector<HTMLElement>("[data-refusal]")?.scrollIntoView({ block: "center" });
  }

  private show(state: State): void {
    if (!this.panel) return;
    const words = this.panel.querySelector("[data-sending-words]");
    const { wordsSending, wordsUnsent, wordsFailed, wordsSignedOut } = this.panel.dataset;
    const said = { "": "", sending: wordsSending, unsent: wordsUnsent, failed: wordsFailed, signedOut: wordsSignedOut };
    if (words) words.textContent = said[state] ?? "";
    this.panel.hidden = state === "";
    this.panel.dataset.state = state;
    this.button("again")?.toggleAttribute("hidden", state === "" || state === "sending");
    this.button("stop")?.toggleAttribute("hidden", state !== "sending");
    this.form.setAttribute("aria-busy", String(state === "sending"));
    if (state) this.panel.scrollIntoView({ block: "nearest" });
  }

  private button(name: string): HTMLElement | null {
    return this.form.querySelector<HTMLElement>(`[data-sending-${name}]`);
  }
}
