// What is it: a word or the whole description suggests classes; a choice opens the questions that belong to it.

interface FoundClass {
  code: string;
  label: string;
  group: string;
}

const WAIT = 350;

export class Classes {
  private readonly select: HTMLSelectElement;
  private readonly suggestions: HTMLElement;
  private readonly all: HTMLOptGroupElement[];
  private timer = 0;
  private asked = 0;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly address: string,
    private readonly questionsAddress: string,
  ) {
    this.select = form.querySelector<HTMLSelectElement>("[data-matter]")!;
    this.suggestions = form.querySelector<HTMLElement>("[data-suggestions]")!;
    this.all = Array.from(this.select.querySelectorAll("optgroup"));
    const box = form.querySelector<HTMLElement>("[data-class-search]")!;
    box.hidden = false;
    box.querySelector("input")!.addEventListener("input", (event) => this.soon((event.target as HTMLInputElement).value));
    form.querySelector("#id_text")?.addEventListener("input", (event) => {
      if (!this.select.value) this.soon((event.target as HTMLTextAreaElement).value);
    });
    for (const radio of form.querySelectorAll<HTMLInputElement>("input[name=group]")) {
      radio.addEventListener("change", () => this.narrow(radio.value));
    }
    this.select.addEventListener("change", () => this.chosen());
    this.narrow(form.querySelector<HTMLInputElement>("input[name=group]:checked")?.value ?? "");
  }

  /** After a draft was put back: show what belongs to the choice in it. */
  refresh(): void {
    this.narrow(this.form.querySelector<HTMLInputElement>("input[name=group]:checked")?.value ?? "");
    this.chosen();
    if (!this.select.value) this.soon(this.form.querySelector<HTMLTextAreaElement>("#id_text")?.value ?? "");
  }

  private soon(words: string): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.suggest(words.trim()), WAIT);
  }

  private async suggest(words: string): Promise<void> {
    const turn = ++this.asked;
    if (!words) return this.suggestions.replaceChildren();
    try {
      const response = await fetch(`${this.address}?q=${encodeURIComponent(words.slice(0, 200))}`);
      const { classes } = (await response.json()) as { classes: FoundClass[] };
      if (turn === this.asked) this.suggestions.replaceChildren(...classes.map((found) => this.suggestion(found)));
    } catch {
      // No connection: the big choices are enough.
    }
  }

  private suggestion(found: FoundClass): HTMLButtonElement {
    const made = document.createElement("button");
    Object.assign(made, { type: "button", className: "btn", textContent: found.label });
    made.dataset.code = found.code;
    made.setAttribute("aria-pressed", String(this.select.value === found.code));
    made.addEventListener("click", () => this.take(found));
    return made;
  }

  private take(found: FoundClass): void {
    const radio = this.form.querySelector<HTMLInputElement>(`input[name=group][value="${CSS.escape(found.group)}"]`);
    if (radio) radio.checked = true;
    this.narrow(found.group);
    this.select.value = found.code;
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** Only the classes of the chosen group; everything when there is none. */
  private narrow(group: string): void {
    const kept = this.select.value;
    const shown = this.all.filter((part) => !group || part.dataset.group === group);
    this.select.replaceChildren(this.select.options[0]!, ...shown);
    this.select.value = shown.some((part) => part.querySelector(`option[value="${CSS.escape(kept)}"]`)) ? kept : "";
    if (this.select.value !== kept) this.chosen();
  }

  private chosen(): void {
    for (const button of this.suggestions.querySelectorAll<HTMLButtonElement>("button")) {
      button.setAttribute("aria-pressed", String(button.dataset.code === this.select.value));
    }
    void this.ask(this.select.value);
  }

  private async ask(code: string): Promise<void> {
    const place = this.form.querySelector<HTMLElement>("[data-questions]")!;
    if ((place.querySelector<HTMLInputElement>("input[name=asked]")?.value ?? "") === code) return place.removeAttribute("aria-busy");
    place.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(`${this.questionsAddress}?matter=${encodeURIComponent(code)}`);
      const asked = await response.text();
      if (response.ok && this.select.value === code) place.innerHTML = asked;
    } catch {
      place.replaceChildren(); // the server asks when the form is sent
    }
    if (this.select.value === code) place.removeAttribute("aria-busy");
  }
}
